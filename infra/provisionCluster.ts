import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { ImageRefs } from "../jobs/kube/clusterOutputs.ts";
import { KubeadmCluster } from "./cluster/kubeadmCluster.ts";
import type { ClusterConfig, ExistingConfig, HostsConfig, LocalConfig, StoreConfig } from "./clusterConfig.ts";
import { checkoutDirectory } from "../workspace/environment.ts";
import { selectKubeconfigContext } from "./kubeconfigContext.ts";
import { LocalHosts } from "./localHosts.ts";
import type { NodeSoftware, Toolchain } from "../workspace/toolchain.ts";
import { requireNodeSoftware } from "../workspace/toolchain.ts";

/** A cluster that answers, wherever its nodes came from. */
export interface ProvisionedCluster {
  readonly kubeconfig: pulumi.Output<string>;
  readonly ready: pulumi.Resource[];
  readonly images: ImageRefs;
  /** The controllers' images that are on the nodes; absent where nodes fetch those that the projects publish. */
  readonly controllers?: NodeSoftware["controllers"];
  readonly store: StoreConfig;
}

/** Where the local hosts mount the shared directory. */
const localHostStore: StoreConfig = { kind: "path", path: "/srv/mixcpt" };

interface ProvisioningArgs {
  readonly stack: string;
  /** Read only where nodes carry what set-up built. */
  readonly software: () => Toolchain;
}

export function provisionCluster(config: ClusterConfig, args: ProvisioningArgs): ProvisionedCluster {
  switch (config.kind) {
    case "local":
      return provisionLocalHosts(config, { stack: args.stack, software: requireNodeSoftware(args.software()) });
    case "hosts":
      return provisionHosts(config, requireNodeSoftware(args.software()));
    case "existing":
      return useExistingCluster(config, () => requireNodeSoftware(args.software()));
  }
}

function provisionLocalHosts(
  { hosts: count, emulated }: LocalConfig,
  { stack, software }: { stack: string; software: NodeSoftware },
): ProvisionedCluster {
  const { hosts, privateKey } = new LocalHosts("hosts", { stack, count, software });
  const { kubeconfig, ready } = new KubeadmCluster("node", {
    hosts,
    privateKey,
    software,
    workImages: software.workImages,
    emulated,
  });
  return { kubeconfig, ready, images: software.images, controllers: software.controllers, store: localHostStore };
}

function provisionHosts(
  { machines: inventory, privateKeyFile, store, images }: HostsConfig,
  software: NodeSoftware,
): ProvisionedCluster {
  const privateKey = pulumi.secret(readConfiguredFile("privateKeyFile", privateKeyFile));
  const hosts = inventory.map((machine) => ({ ...machine, id: machine.name }));
  const { kubeconfig, ready } = new KubeadmCluster("node", { hosts, privateKey, software });
  return { kubeconfig, ready, images, controllers: software.controllers, store };
}

function useExistingCluster(
  { kubeconfigFile, context, store, images, controllers }: ExistingConfig,
  software: () => NodeSoftware,
): ProvisionedCluster {
  const kubeconfig = readConfiguredFile("kubeconfigFile", kubeconfigFile);
  return {
    kubeconfig: pulumi.secret(
      context === undefined ? kubeconfig : selectKubeconfigContext(kubeconfig, { context, file: kubeconfigFile }),
    ),
    ready: [],
    images: images ?? software().images,
    store,
    ...(controllers === "built" && { controllers: software().controllers }),
  };
}

/**
 * The text of a file that the configuration names under `key`.
 * @throws pulumi.RunError if it cannot be read
 */
function readConfiguredFile(key: string, name: string): string {
  const file = resolve(checkoutDirectory, name);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new pulumi.RunError(
      `mixcpt-infra:cluster.${key} names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
    );
  }
}
