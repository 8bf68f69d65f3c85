import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { stateDirectory } from "./environment.ts";

const perControllerSchema = z.strictObject({ kueue: z.string(), jobset: z.string(), trainer: z.string() });

/** Directories that are unpacked at the root of a node: /usr/local/bin, /opt/cni/bin, /etc and others. */
const nodeTreesSchema = z.strictObject({
  everyNode: z.array(z.string()),
  /** Only for nodes that ask the API server: control planes, and every node whose pods are connected by routes. */
  kubectl: z.array(z.string()),
  controlPlane: z.array(z.string()),
});

/** Software and images for the nodes that this project provisions. */
const nodeSoftwareSchema = z.strictObject({
  /** Root file system of a local host. */
  hostRoot: z.string(),
  nodeTrees: nodeTreesSchema,
  /** OCI layout (a directory) with the images that pods may need on every node: CoreDNS and the controllers. */
  clusterImages: z.string(),
  /** OCI layout (a directory) with the images of the static pods of control planes. */
  controlPlaneImages: z.string(),
  /** Directories with Cilium's manifests for machines of a rack and for local hosts; absent before a full setup. */
  ciliumManifests: z.strictObject({ hosts: z.string(), local: z.string() }).optional(),
  /** OCI layout (a directory) with Cilium's images for local hosts; absent before `./mixcpt setup cilium`. */
  ciliumImages: z.string().optional(),
  /** OCI layout (a directory) with kube-vip; absent before a full setup. */
  endpointImages: z.string().optional(),
  /** Reference of kube-vip's image. */
  endpointImage: z.string(),
  /** OCI layout (a directory) with the images of the work. */
  workImages: z.string(),
  /** References of the images of the work. */
  images: z.strictObject({ data: z.string(), llamaFactory: z.string(), evaluate: z.string(), store: z.string() }),
  /** References of the controllers' images on these nodes. */
  controllers: perControllerSchema,
  kubernetesVersion: z.string(),
  etcdVersion: z.string(),
  corednsVersion: z.string(),
});

const toolchainSchema = z.strictObject({
  /** Directories of programs for this machine: pulumi, kubectl, etcd. */
  programs: z.array(z.string()),
  /** Files with a JSON list of a controller's rendered manifests, with the images that its project publishes. */
  manifests: perControllerSchema,
  /** Absent after `./mixcpt setup client`, which builds only the client programs. */
  nodes: nodeSoftwareSchema.optional(),
});

/** The record of what setup built: paths in the cache and versions. */
export type Toolchain = z.infer<typeof toolchainSchema>;
export type NodeSoftware = z.infer<typeof nodeSoftwareSchema>;
export type ControllerName = keyof z.infer<typeof perControllerSchema>;

export const toolchainFile = resolve(stateDirectory, "software.json");

/**
 * Reads the record of the toolchain.
 * @throws Error with the command that builds it, if it is missing or from another version of this project
 */
export function readToolchain(): Toolchain {
  if (!existsSync(toolchainFile))
    throw new Error(
      `${toolchainFile}: missing; run ./mixcpt setup first ` +
        "(./mixcpt setup client is enough for an existing cluster)",
    );
  const parsed = toolchainSchema.safeParse(JSON.parse(readFileSync(toolchainFile, "utf8")));
  if (!parsed.success)
    throw new Error(`${toolchainFile}: written by another version of this project; run ./mixcpt setup again`);
  return parsed.data;
}

/**
 * Directories of programs that a readable record names, otherwise none. For commands that can work without the
 * toolchain, so that an old record does not stop them.
 */
export function listKnownPrograms(): readonly string[] {
  try {
    return readToolchain().programs;
  } catch {
    return [];
  }
}

/**
 * The part of the toolchain that nodes need.
 * @throws Error if only the client programs were built
 */
export function requireNodeSoftware({ nodes }: Toolchain): NodeSoftware {
  if (nodes === undefined)
    throw new Error(`${toolchainFile}: has no software for nodes, which this cluster needs; run ./mixcpt setup`);
  return nodes;
}

/**
 * The directories with Cilium's manifests.
 * @throws Error with the command that renders them
 */
export function requireCiliumManifests({
  ciliumManifests,
}: NodeSoftware): NonNullable<NodeSoftware["ciliumManifests"]> {
  if (ciliumManifests === undefined)
    throw new Error(
      `${toolchainFile}: has no manifests of Cilium, which podNetwork: { kind: cilium } needs; run ./mixcpt setup`,
    );
  return ciliumManifests;
}

/**
 * The image of kube-vip, which control planes with a moving address need.
 * @throws Error with the command that builds it
 */
export function requireEndpointImages({ endpointImages }: NodeSoftware): string {
  if (endpointImages === undefined)
    throw new Error(
      `${toolchainFile}: has no image of kube-vip, which endpoint: { heldBy: kube-vip } needs; run ./mixcpt setup`,
    );
  return endpointImages;
}

/**
 * Cilium's images for local hosts, which reach no registry.
 * @throws Error with the command that builds them
 */
export function requireCiliumImages({ ciliumImages }: NodeSoftware): string {
  if (ciliumImages === undefined)
    throw new Error(
      `${toolchainFile}: has no images of Cilium, which podNetwork: { kind: cilium } needs on local hosts; ` +
        "run ./mixcpt setup cilium, or remove podNetwork",
    );
  return ciliumImages;
}
