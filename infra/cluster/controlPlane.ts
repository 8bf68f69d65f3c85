import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { NodeSoftware } from "../../workspace/toolchain.ts";
import { auditPolicyText } from "./apiServerConfig.ts";
import type { HostKind } from "./kubeadmConfig.ts";
import { staticPodProbes, renderKubeadmConfig, toleratedPreflightErrors } from "./kubeadmConfig.ts";
import type { HostAccess } from "./remoteHost.ts";
import { runOnHost } from "./remoteHost.ts";

interface ControlPlaneArgs extends HostAccess {
  readonly hostKind: HostKind;
  readonly software: NodeSoftware;
  readonly after: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
}

interface ControlPlane {
  readonly kubeconfig: pulumi.Output<string>;
  /** The resource that exists once other nodes may join. */
  readonly control: pulumi.Resource;
}

/** Makes the first host the control plane and reads the administrator's kubeconfig before anything else. */
export function startControlPlane(name: string, args: ControlPlaneArgs): ControlPlane {
  const initialized = initControlPlane(name, args);
  const dependent = { ...args, after: [initialized] };
  return {
    kubeconfig: fetchKubeconfig(name, dependent),
    // A script of its own, so that its failure does not hide that kubeadm succeeded.
    control: runOnHost(`${name}-proxy-rights`, { ...dependent, script: "grant-proxy-rights.sh" }),
  };
}

/**
 * Runs kubeadm on the first node. The resource's output is the administrator's kubeconfig, from which the command line
 * recovers it if another resource fails before it was read (cli/cluster/recordedKubeconfig.ts).
 */
function initControlPlane(name: string, { software, hostKind, ...args }: ControlPlaneArgs): pulumi.Resource {
  const { kubernetesVersion, etcdVersion, corednsVersion } = software;
  const config = pulumi
    .output(args.host.address)
    .apply((address) =>
      renderKubeadmConfig({
        hostKind,
        nodeName: args.host.name,
        address,
        kubernetesVersion,
        etcdVersion,
        corednsVersion,
      }),
    );
  return runOnHost(`${name}-init`, {
    ...args,
    script: "init-control-plane.sh",
    input: {
      KUBEADM_CONFIG: config,
      AUDIT_POLICY: auditPolicyText,
      PROBES: staticPodProbes[hostKind],
      TOLERATED: toleratedPreflightErrors[hostKind],
    },
    secret: true,
    logging: local.Logging.Stderr,
  });
}

/** Reads the kubeconfig by a script that never changes, so that a repeated init leaves the providers unchanged. */
function fetchKubeconfig(name: string, args: ControlPlaneArgs): pulumi.Output<string> {
  const read = runOnHost(`${name}-kubeconfig`, { ...args, script: "read-kubeconfig.sh", secret: true });
  return pulumi.secret(read.stdout);
}
