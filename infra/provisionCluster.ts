import * as pulumi from "@pulumi/pulumi";
import { formatClusterIdentifier } from "../jobs/kube/clusterIdentity.ts";
import type { ImageRefs } from "../jobs/kube/clusterOutputs.ts";
import type { NodeSoftware, Toolchain } from "../workspace/toolchain.ts";
import {
  requireCiliumImages,
  requireCiliumManifests,
  requireEndpointImages,
  requireNodeSoftware,
} from "../workspace/toolchain.ts";
import { KubeadmCluster } from "./cluster/kubeadmCluster.ts";
import type {
  ClusterConfig,
  ExistingConfig,
  HostsConfig,
  LocalConfig,
  StoreConfig,
  TenantConfig,
} from "./clusterConfig.ts";
import { completeImages } from "./clusterImages.ts";
import { readExistingKubeconfig } from "./existingKubeconfig.ts";
import { LocalHosts } from "./localHosts.ts";
import { readPrivateKey } from "./privateKey.ts";
import { leadThroughTunnel } from "./tunneledKubeconfig.ts";
import { emulateNodeDevices } from "./platform/emulatedDevices.ts";

/** A running cluster, whatever the origin of its nodes. */
export interface ProvisionedCluster {
  readonly kubeconfig: pulumi.Output<string>;
  readonly ready: pulumi.Resource[];
  readonly images: ImageRefs;
  /** The controllers' images on the nodes; absent if nodes fetch those that the projects publish. */
  readonly controllers?: NodeSoftware["controllers"];
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
  readonly readToolchain: () => Toolchain;
}

/**
 * Provisions the nodes that the configuration declares, or connects to an existing cluster.
 * @throws ConfiguredFileError if a configured file cannot be read or has no such context
 */
export function provisionCluster(config: ClusterConfig, args: ProvisioningArgs): ProvisionedCluster {
  const readNodeSoftware = () => requireNodeSoftware(args.readToolchain());
  switch (config.kind) {
    case "local":
      return provisionLocalHosts(config, { stack: args.stack, software: readNodeSoftware() });
    case "hosts":
      return provisionHosts(config, { stack: args.stack, software: readNodeSoftware() });
    case "existing":
      return useExistingCluster(config, { stack: args.stack, readNodeSoftware });
    case "tenant":
      return useTenantNamespace(config, readNodeSoftware);
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
  return { kubeconfig, ready, images: software.images, controllers: software.controllers };
}

function provisionHosts(
  { machines, endpoint, privateKeyFile, bastion, podNetwork, images }: HostsConfig,
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
    ...(podNetwork.kind === "cilium" && { ciliumManifests: requireCiliumManifests(software).hosts }),
    ...(endpoint?.heldBy === "kube-vip" && { endpointImages: requireEndpointImages(software) }),
  });
  const localPort = bastion?.localPort;
  return {
    kubeconfig:
      localPort === undefined ? kubeconfig : kubeconfig.apply((direct) => leadThroughTunnel(direct, localPort)),
    ready,
    images: completeImages(images),
    controllers: software.controllers,
  };
}

function useTenantNamespace(config: TenantConfig, readNodeSoftware: () => NodeSoftware): ProvisionedCluster {
  const { images } = config;
  return {
    kubeconfig: pulumi.secret(readExistingKubeconfig(config)),
    ready: [],
    images: images === undefined ? readNodeSoftware().images : completeImages(images),
  };
}

function useExistingCluster(
  config: ExistingConfig,
  { stack, readNodeSoftware }: { stack: string; readNodeSoftware: () => NodeSoftware },
): ProvisionedCluster {
  const { images, controllers, devices } = config;
  const kubeconfig = pulumi.secret(readExistingKubeconfig(config));
  return {
    kubeconfig,
    ready: emulateNodeDevices({ devices, kubeconfig, cluster: formatClusterIdentifier(stack) }),
    images: images === undefined ? readNodeSoftware().images : completeImages(images),
    ...(controllers === "built" && { controllers: readNodeSoftware().controllers }),
  };
}
