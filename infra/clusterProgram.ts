import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterOutputs } from "../jobs/kube/clusterOutputs.ts";
import { platformNames } from "../jobs/kube/clusterOutputs.ts";
import type { ClusterConfig } from "./clusterConfig.ts";
import { parseClusterConfig } from "./clusterConfig.ts";
import { getDataJobShare } from "./clusterHardware.ts";
import { getClusterHardware } from "./clusterHardware.ts";
import type { ProvisionedCluster } from "./provisionCluster.ts";
import { provisionCluster } from "./provisionCluster.ts";
import { Controllers } from "./platform/controllers.ts";
import { ExperimentResources, queuedNamespaceLabel } from "./platform/experimentResources.ts";
import { Rocm } from "./platform/rocm.ts";
import { readToolchain } from "../workspace/toolchain.ts";

/** `ClusterOutputs` are absent where another stack installs the platform. */
export type InfraOutputs = Partial<ClusterOutputs> & { kubeconfig: pulumi.Output<string> };

/** The machine of the experiments: nodes, controllers, queues. Returns what the experiments need to know of it. */
export function runClusterProgram(): InfraOutputs {
  const stack = pulumi.getStack();
  const config = parseClusterConfig(
    new pulumi.Config("mixcpt-infra").requireObject("cluster"),
    `infra/Pulumi.${stack}.yaml`,
  );
  const made = provisionCluster(config, { stack, software: readToolchain });
  const { kubeconfig } = made;
  if (config.kind !== "existing" && config.platform === "elsewhere") return { kubeconfig };
  return { kubeconfig, ...installPlatform(config, made) };
}

/** Where all nodes are machines of ours, and all of these have devices. */
const anyNodeLabels = { "kubernetes.io/os": "linux" };

function installPlatform(config: ClusterConfig, made: ProvisionedCluster): ClusterOutputs {
  const { kubeconfig, ready, images, store } = made;
  const hardware = getClusterHardware(config);
  const clusterIdentifier = formatClusterIdentifier(pulumi.getStack());
  const provider = new kubernetes.Provider("cluster", { kubeconfig, clusterIdentifier }, { dependsOn: ready });
  const controllers = installControllers(config, made.controllers, provider);
  if (config.kind !== "local" && config.rocm !== undefined)
    new Rocm("rocm", { nodeLabels: anyNodeLabels, ...config.rocm }, { provider });
  new ExperimentResources(
    "experiments",
    { store, hardware, images, cpu: getDataJobShare(config), controllers },
    { provider },
  );
  return { ...platformNames, images, hardware };
}

/**
 * A stack is one cluster for as long as it lives. Without this Pulumi takes a kubeconfig with another address or
 * certificate authority for another cluster, makes everything anew and deletes what was there.
 */
function formatClusterIdentifier(stack: string): string {
  return `mixcpt-infra/${stack}`;
}

/** What to wait for before objects of the controllers' kinds can be made. */
function installControllers(
  config: ClusterConfig,
  images: ProvisionedCluster["controllers"],
  provider: kubernetes.Provider,
): pulumi.Resource[] {
  if (config.kind === "existing" && config.controllers === "installed") return [];
  return new Controllers(
    "controllers",
    { manifests: readToolchain().manifests, images, queuedNamespaces: queuedNamespaceLabel },
    { provider },
  ).ready;
}
