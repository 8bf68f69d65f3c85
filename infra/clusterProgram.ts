import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { formatClusterIdentifier, infraProject } from "../jobs/kube/clusterIdentity.ts";
import type { ClusterOutputs } from "../jobs/kube/clusterOutputs.ts";
import { platformVersion } from "../jobs/kube/clusterOutputs.ts";
import { ConfigError } from "../validation/problems.ts";
import { readToolchain, requireNodeSoftware } from "../workspace/toolchain.ts";
import { Access } from "./access/access.ts";
import type { ClusterConfig, TenantConfig } from "./clusterConfig.ts";
import { readClusterCode } from "./clusterCode.ts";
import { getControllersOrigin, isForeignCluster, makesPlatform, parseClusterConfig } from "./clusterConfig.ts";
import type { ClusterImages } from "./clusterImages.ts";
import { selectClusterImages } from "./clusterImages.ts";
import { getClusterHardware, getDataJobShare, selectQueueShare, selectServing } from "./clusterHardware.ts";
import { getPlatformNames } from "./clusterNames.ts";
import { ConfiguredFileError } from "./configuredFile.ts";
import { Controllers } from "./platform/controllers.ts";
import { hasWeight } from "./platform/fairSharing.ts";
import { Monitoring } from "./monitoring/monitoring.ts";
import type { ControllerNamespace } from "./network/controllerPolicies.ts";
import { ControllerIsolation, NetworkIsolation } from "./network/networkIsolation.ts";
import { ExperimentResources, TenantResources, queuedNamespaceLabel } from "./platform/experimentResources.ts";
import type { RuntimeArgs } from "./platform/experimentResources.ts";
import { getClusterPods } from "./podConfig.ts";
import { Rocm } from "./platform/rocm.ts";
import type { ProvisionedCluster } from "./provisionCluster.ts";
import { getStore, provisionCluster } from "./provisionCluster.ts";

/** `ClusterOutputs` are absent if another stack installs the platform. */
type InfraOutputs = Partial<ClusterOutputs> & { kubeconfig: pulumi.Output<string> };

/**
 * The Pulumi program of a cluster stack: provisions nodes, then installs controllers, queues and the store.
 * @throws pulumi.RunError for a bad configuration, because Pulumi then shows its message without a stack trace
 */
export function runClusterProgram(): InfraOutputs {
  try {
    return declareCluster();
  } catch (error) {
    if (error instanceof ConfigError || error instanceof ConfiguredFileError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

function declareCluster(): InfraOutputs {
  const stack = pulumi.getStack();
  const value = new pulumi.Config(infraProject).requireObject("cluster");
  const config = parseClusterConfig(value, `infra/Pulumi.${stack}.yaml`);
  const readNodeSoftware = () => requireNodeSoftware(readToolchain());
  const cluster = provisionCluster(config, { stack, readNodeSoftware });
  const { kubeconfig } = cluster;
  if (!makesPlatform(config)) return { kubeconfig };
  return { kubeconfig, ...installPlatform(config, { ...cluster, ...selectClusterImages(config, readNodeSoftware) }) };
}

/** Selects every node: on one without GPUs AMD's programs report none. */
const anyNodeLabels = { "kubernetes.io/os": "linux" };

/** Installs what experiments need on a cluster that runs: controllers, queues, store, roles, network policies. */
export function installPlatform(config: ClusterConfig, cluster: ProvisionedCluster & ClusterImages): ClusterOutputs {
  const { kubeconfig, ready, images, controllers } = cluster;
  const hardware = getClusterHardware(config);
  const pods = getClusterPods(config);
  const clusterIdentifier = formatClusterIdentifier(pulumi.getStack());
  const provider = new kubernetes.Provider("cluster", { kubeconfig, clusterIdentifier }, { dependsOn: ready });
  const names = getPlatformNames(config);
  const platform = { names, images, hardware, pods };
  if (config.kind === "tenant") new TenantResources("experiments", { ...platform, config }, { provider });
  else installWithRights(config, { ...platform, controllers, provider });
  return { ...names, platformVersion, images, code: readClusterCode(config), hardware, pods, ...selectServing(config) };
}

interface InstallationArgs extends RuntimeArgs {
  readonly controllers: ClusterImages["controllers"];
  readonly provider: kubernetes.Provider;
}

/** Installs what needs the rights of an administrator. */
function installWithRights(
  config: Exclude<ClusterConfig, TenantConfig>,
  { controllers: images, provider, ...platform }: InstallationArgs,
): void {
  const { hardware } = platform;
  const controllers = installControllers(config, images, provider);
  const agents = installAgents(config, hardware.partition !== undefined, provider);
  isolateControllers(config, { provider, dependsOn: [...controllers, ...agents] });
  const experiments = new ExperimentResources(
    "experiments",
    {
      ...platform,
      store: getStore(config),
      podSecurity: config.podSecurity,
      cpu: getDataJobShare(config),
      controllers,
      ...selectQueueShare(config),
    },
    { provider },
  );
  const { namespace } = platform.names;
  const dependent = { provider, dependsOn: [experiments] };
  new Access("access", { namespace, access: config.access }, dependent);
  const { networkPolicy } = config;
  new NetworkIsolation("network", { namespace, networkPolicy, dataEnv: platform.pods.data?.env }, dependent);
  installMonitoring(config, platform, dependent);
}

/** Installs AMD's device plugin and node labeller, if the file wants them. */
function installAgents(
  config: Exclude<ClusterConfig, TenantConfig>,
  labelsPartitions: boolean,
  provider: kubernetes.Provider,
): pulumi.Resource[] {
  if (config.kind === "local" || config.rocm === undefined) return [];
  return [new Rocm("rocm", { nodeLabels: anyNodeLabels, ...config.rocm, labelsPartitions }, { provider })];
}

/** Closes the namespaces that this stack makes for controllers and agents; those that others made stay as they are. */
function isolateControllers(
  config: Exclude<ClusterConfig, TenantConfig>,
  options: pulumi.ComponentResourceOptions,
): void {
  const ofControllers = ["kueue-system", "jobset-system", "kubeflow-system"] as const;
  const namespaces: readonly ControllerNamespace[] = [
    ...(installsControllers(config) ? ofControllers : []),
    ...(config.kind !== "local" && config.rocm !== undefined ? (["amd-gpu"] as const) : []),
  ];
  const podNetwork = config.kind === "existing" ? undefined : config.podNetwork.kind;
  const { networkPolicy, monitoring } = config;
  const input = { namespaces, podNetwork, hasMonitoring: monitoring !== undefined, networkPolicy };
  if (namespaces.length > 0) new ControllerIsolation("controllers-network", input, options);
}

function installMonitoring(
  config: Exclude<ClusterConfig, TenantConfig>,
  { names, images }: RuntimeArgs,
  options: pulumi.ComponentResourceOptions,
): void {
  const { monitoring, networkPolicy } = config;
  if (monitoring === undefined) return;
  const apiServerPorts = networkPolicy?.apiServerPorts;
  const installsQueue = installsControllers(config);
  const input = { names, image: images.store, monitoring, apiServerPorts, user: config.pods, installsQueue };
  new Monitoring("monitoring", input, options);
}

function installsControllers(config: ClusterConfig): boolean {
  return !isForeignCluster(config) || getControllersOrigin(config) !== "installed";
}

/** Installs the controllers and returns the resources that objects of their kinds must wait for. */
function installControllers(
  config: ClusterConfig,
  images: ClusterImages["controllers"],
  provider: kubernetes.Provider,
): pulumi.Resource[] {
  if (!installsControllers(config)) return [];
  return new Controllers(
    "controllers",
    {
      manifests: readToolchain().manifests,
      images,
      queuedNamespaces: queuedNamespaceLabel,
      reportsProgress: "monitoring" in config && config.monitoring !== undefined,
      sharesFairly: hasWeight(config),
    },
    { provider },
  ).ready;
}
