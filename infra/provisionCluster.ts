import * as pulumi from "@pulumi/pulumi";
import { formatClusterIdentifier } from "../jobs/kube/clusterIdentity.ts";
import type { NodeSoftware } from "../workspace/toolchain.ts";
import { requireCiliumImages, requireCiliumManifests, requireEndpointImages } from "../workspace/toolchain.ts";
import { KubeadmCluster } from "./cluster/kubeadmCluster.ts";
import type {
  ClusterConfig,
  ExistingConfig,
  HostsConfig,
  LocalConfig,
  StoreConfig,
  TenantConfig,
} from "./clusterConfig.ts";
import { readExistingKubeconfig } from "./existingKubeconfig.ts";
import { LocalHosts } from "./localHosts.ts";
import { readPrivateKey } from "./privateKey.ts";
import { leadThroughTunnel } from "./tunneledKubeconfig.ts";
import { emulateNodeDevices } from "./platform/emulatedDevices.ts";

/** A running cluster, whatever the origin of its nodes. */
export interface ProvisionedCluster {
  readonly kubeconfig: pulumi.Output<string>;
  readonly ready: pulumi.Resource[];
}

/** The shared directory, at the path where the local hosts mount it. */
const localHostStore: StoreConfig = { kind: "path", path: "/srv/mixcpt" };

/** Returns the store of a cluster whose claim this project makes. */
export function getStore(config: Exclude<ClusterConfig, TenantConfig>): StoreConfig {
  return config.kind === "local" ? localHostStore : config.store;
}

interface ProvisioningArgs {
  readonly stack: string;
  /** Called only if nodes carry what setup built. */
  readonly readNodeSoftware: () => NodeSoftware;
}

/**
 * Provisions the nodes that the configuration declares, or connects to an existing cluster.
 * @throws ConfiguredFileError if a configured file cannot be read or has no such context
 */
export function provisionCluster(
  config: ClusterConfig,
  { stack, readNodeSoftware }: ProvisioningArgs,
): ProvisionedCluster {
  switch (config.kind) {
    case "local":
      return provisionLocalHosts(config, { stack, software: readNodeSoftware() });
    case "hosts":
      return provisionHosts(config, { stack, software: readNodeSoftware() });
    case "existing":
      return useExistingCluster(config, stack);
    case "tenant":
      return { kubeconfig: pulumi.secret(readExistingKubeconfig(config)), ready: [] };
  }
}

function provisionLocalHosts(
  { hosts: count, network, podNetwork, emulated }: LocalConfig,
  { stack, software }: { stack: string; software: NodeSoftware },
): ProvisionedCluster {
  const { hosts, privateKey } = new LocalHosts("hosts", { stack, count, network, software });
  const { kubeconfig, ready } = new KubeadmCluster("node", {
    cluster: formatClusterIdentifier(stack),
    hostKind: "local",
    hosts,
    privateKey,
    software,
    podNetwork,
    ...(podNetwork.kind === "cilium" && {
      ciliumImages: requireCiliumImages(software),
      ciliumManifests: requireCiliumManifests(software).local,
    }),
    workImages: software.workImages,
    emulated,
  });
  return { kubeconfig, ready };
}

function provisionHosts(
  { machines, endpoint, privateKeyFile, bastion, podNetwork, store }: HostsConfig,
  { stack, software }: { stack: string; software: NodeSoftware },
): ProvisionedCluster {
  const privateKey = pulumi.secret(
    privateKeyFile === undefined ? "" : readPrivateKey("privateKeyFile", privateKeyFile),
  );
  const hosts = machines.map((machine) => ({ ...machine, id: machine.name }));
  const { kubeconfig, ready } = new KubeadmCluster("node", {
    cluster: formatClusterIdentifier(stack),
    hostKind: "hosts",
    hosts,
    endpoint,
    privateKey,
    bastion,
    software,
    podNetwork,
    ...(store.kind === "path" && { storePath: store.path }),
    ...(podNetwork.kind === "cilium" && { ciliumManifests: requireCiliumManifests(software).hosts }),
    ...(endpoint?.heldBy === "kube-vip" && { endpointImages: requireEndpointImages(software) }),
  });
  const localPort = bastion?.localPort;
  return {
    kubeconfig:
      localPort === undefined ? kubeconfig : kubeconfig.apply((direct) => leadThroughTunnel(direct, localPort)),
    ready,
  };
}

function useExistingCluster(config: ExistingConfig, stack: string): ProvisionedCluster {
  const kubeconfig = pulumi.secret(readExistingKubeconfig(config));
  const cluster = formatClusterIdentifier(stack);
  return { kubeconfig, ready: emulateNodeDevices({ devices: config.devices, kubeconfig, cluster }) };
}
