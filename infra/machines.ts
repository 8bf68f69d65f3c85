import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { ImageRefs } from "../jobs/kube/outputs.ts";
import { Cluster } from "./cluster/cluster.ts";
import type { ClusterConfig, ExistingConfig, HostsConfig, LocalConfig, StoreConfig } from "./config.ts";
import { checkout } from "./environment.ts";
import { inContext } from "./kubeconfig.ts";
import { LocalHosts } from "./localHosts.ts";
import type { NodeSoftware, Software } from "./software.ts";
import { nodeSoftware } from "./software.ts";

/** A cluster that answers, wherever its nodes came from. */
export interface Machines {
  kubeconfig: pulumi.Output<string>;
  ready: pulumi.Resource[];
  images: ImageRefs;
  /** The controllers' images that are on the nodes; absent where nodes fetch those that the projects publish. */
  controllers?: NodeSoftware["controllers"];
  store: StoreConfig;
}

/** Where the local hosts mount the shared directory. */
const localStore: StoreConfig = { kind: "path", path: "/srv/mixcpt" };

interface MachinesArgs {
  stack: string;
  /** Read only where nodes carry what set-up built. */
  software: () => Software;
}

export function machines(config: ClusterConfig, args: MachinesArgs): Machines {
  switch (config.kind) {
    case "local":
      return localMachines(config, { stack: args.stack, software: nodeSoftware(args.software()) });
    case "hosts":
      return rack(config, nodeSoftware(args.software()));
    case "existing":
      return existing(config, () => nodeSoftware(args.software()));
  }
}

function localMachines({ hosts: count, emulated }: LocalConfig, { stack, software }: { stack: string; software: NodeSoftware }): Machines {
  const { hosts, privateKey } = new LocalHosts("hosts", { stack, count, software });
  const { kubeconfig, ready } = new Cluster("node", { hosts, privateKey, software, workImages: software.workImages, emulated });
  return { kubeconfig, ready, images: software.images, controllers: software.controllers, store: localStore };
}

function rack({ machines: inventory, privateKeyFile, store, images }: HostsConfig, software: NodeSoftware): Machines {
  const privateKey = pulumi.secret(readNamed("privateKeyFile", privateKeyFile));
  const hosts = inventory.map((machine) => ({ ...machine, id: machine.name }));
  const { kubeconfig, ready } = new Cluster("node", { hosts, privateKey, software });
  return { kubeconfig, ready, images, controllers: software.controllers, store };
}

function existing({ kubeconfigFile, context, store, images, controllers }: ExistingConfig, software: () => NodeSoftware): Machines {
  const kubeconfig = readNamed("kubeconfigFile", kubeconfigFile);
  return {
    kubeconfig: pulumi.secret(context === undefined ? kubeconfig : inContext(kubeconfig, { context, file: kubeconfigFile })),
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
function readNamed(key: string, name: string): string {
  const file = resolve(checkout, name);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new pulumi.RunError(`mixcpt-infra:cluster.${key} names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}
