import { local } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { gpus } from "../../jobs/hardware/gpuCatalog.ts";
import { readScript } from "../cluster/hostScripts.ts";
import type { ExistingConfig } from "../clusterConfig.ts";

interface EmulatedDevicesArgs {
  readonly devices: ExistingConfig["devices"];
  readonly kubeconfig: pulumi.Output<string>;
  /** The identifier of the cluster stack, which each node records. */
  readonly cluster: string;
}

/**
 * Makes the listed nodes of an existing cluster report devices that they do not have, and reports them no longer once
 * the resources are deleted. The scripts run on the operator's machine.
 */
export function emulateNodeDevices(
  name: string,
  { devices, kubeconfig, cluster }: EmulatedDevicesArgs,
): local.Command[] {
  const { emulated, gpu, devicesPerNode, deviceId = gpus[gpu].deviceIds[0] } = devices;
  if (!Array.isArray(emulated)) return [];
  return emulated.map(
    (node) =>
      new local.Command(`${name}-${node}`, {
        interpreter: ["/bin/bash", "-c"],
        create: readScript("emulate-node-devices.sh"),
        delete: readScript("withdraw-node-devices.sh"),
        environment: {
          KUBECONFIG_TEXT: kubeconfig,
          NODE_NAME: node,
          CLUSTER: cluster,
          DEVICES: String(devicesPerNode),
          DEVICE_ID: deviceId,
        },
        logging: local.Logging.Stderr,
      }),
  );
}
