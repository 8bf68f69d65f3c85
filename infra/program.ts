import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterOutputs } from "../jobs/kube/outputs.ts";
import { platform } from "../jobs/kube/platform.ts";
import type { ClusterConfig } from "./config.ts";
import { parseCluster } from "./config.ts";
import { dataShare } from "./dataShare.ts";
import { hardwareOf } from "./hardware.ts";
import type { Machines } from "./machines.ts";
import { machines } from "./machines.ts";
import { Controllers } from "./platform/controllers.ts";
import { Experiments, queuedNamespace } from "./platform/experiments.ts";
import { Rocm } from "./platform/rocm.ts";
import { readSoftware } from "./software.ts";

/** `ClusterOutputs` are absent where another stack installs the platform. */
export type InfraOutputs = Partial<ClusterOutputs> & { kubeconfig: pulumi.Output<string> };

/** The machine of the experiments: nodes, controllers, queues. Returns what the experiments need to know of it. */
export function program(): InfraOutputs {
  const stack = pulumi.getStack();
  const config = parseCluster(new pulumi.Config("mixcpt-infra").requireObject("cluster"), `infra/Pulumi.${stack}.yaml`);
  const made = machines(config, { stack, software: readSoftware });
  const { kubeconfig } = made;
  if (config.kind !== "existing" && config.platform === "elsewhere") return { kubeconfig };
  return { kubeconfig, ...installPlatform(config, made) };
}

/** Where all nodes are machines of ours, and all of these have devices. */
const anyNode = { "kubernetes.io/os": "linux" };

function installPlatform(config: ClusterConfig, made: Machines): ClusterOutputs {
  const { kubeconfig, ready, images, store } = made;
  const hardware = hardwareOf(config);
  const clusterIdentifier = identifierOf(pulumi.getStack());
  const provider = new kubernetes.Provider("cluster", { kubeconfig, clusterIdentifier }, { dependsOn: ready });
  const controllers = installControllers(config, made.controllers, provider);
  if (config.kind !== "local" && config.rocm !== undefined) new Rocm("rocm", { nodeLabels: anyNode, ...config.rocm }, { provider });
  new Experiments("experiments", { store, hardware, images, cpu: dataShare(config), controllers }, { provider });
  return { ...platform, images, hardware };
}

/**
 * A stack is one cluster for as long as it lives. Without this Pulumi takes a kubeconfig with another address or
 * certificate authority for another cluster, makes everything anew and deletes what was there.
 */
function identifierOf(stack: string): string {
  return `mixcpt-infra/${stack}`;
}

/** What to wait for before objects of the controllers' kinds can be made. */
function installControllers(config: ClusterConfig, images: Machines["controllers"], provider: kubernetes.Provider): pulumi.Resource[] {
  if (config.kind === "existing" && config.controllers === "installed") return [];
  return new Controllers("controllers", { manifests: readSoftware().manifests, images, queuedNamespaces: queuedNamespace }, { provider }).ready;
}
