import { local } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { listDeviceIds } from "../../jobs/kube/clusterOutputs.ts";
import { recordOwner } from "../cluster/hostOwnership.ts";
import { readScript } from "../cluster/hostScripts.ts";
import type { ExistingConfig } from "../clusterConfig.ts";
import { emulatedDevicesName, emulatorName } from "../resourceNames.ts";

interface EmulatedDevicesArgs {
  readonly devices: ExistingConfig["devices"];
  readonly kubeconfig: pulumi.Output<string>;
  /** The identifier of the cluster stack. */
  readonly cluster: string;
}

/**
 * Makes the listed nodes of an existing cluster report devices that they do not have, and reports them no longer once
 * the resources are deleted. The scripts run on the operator's machine.
 */
export function emulateNodeDevices({ devices, kubeconfig, cluster }: EmulatedDevicesArgs): local.Command[] {
  const { emulated, devicesPerNode } = devices;
  if (!Array.isArray(emulated)) return [];
  const owner = recordOwner(emulatorName, cluster);
  return emulated.map(
    (node) =>
      new local.Command(`${emulatedDevicesName}-${node}`, {
        interpreter: ["/bin/bash", "-c"],
        create: readScript("emulate-node-devices.sh"),
        delete: readScript("withdraw-node-devices.sh"),
        environment: {
          KUBECONFIG_TEXT: kubeconfig,
          NODE_NAME: node,
          OWNER: owner,
          DEVICES: String(devicesPerNode),
          DEVICE_ID: listDeviceIds(devices)[0],
        },
        logging: local.Logging.Stderr,
      }),
  );
}
