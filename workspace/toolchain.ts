import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { stateDirectory } from "./environment.ts";

const perControllerSchema = z.strictObject({ kueue: z.string(), jobset: z.string(), trainer: z.string() });

/** What nodes are made of that this project provisions itself. */
const nodeSoftwareSchema = z.strictObject({
  /** Root file system of a local host. */
  hostRoot: z.string(),
  /** A tree to be laid on every node: /usr/local/bin, /opt/cni/bin. */
  nodeSoftware: z.string(),
  /** OCI layouts (directories) of the control plane and the controllers, and of the work. */
  clusterImages: z.string(),
  workImages: z.string(),
  /** References of the images of the work. */
  images: z.strictObject({ data: z.string(), llamaFactory: z.string(), evaluate: z.string() }),
  /** References of the controllers' images, as they are on such nodes. */
  controllers: perControllerSchema,
  kubernetesVersion: z.string(),
  etcdVersion: z.string(),
  corednsVersion: z.string(),
});

const toolchainSchema = z.strictObject({
  /** Directories of programs for this machine: pulumi, kubectl, etcd. */
  programs: z.array(z.string()),
  /** Rendered manifests of the controllers, with the images that their projects publish: files with a JSON list of objects. */
  manifests: perControllerSchema,
  /** Absent where only what talks to a cluster was built: `./mixcpt setup client`. */
  nodes: nodeSoftwareSchema.optional(),
});

/** What set-up built: paths in the cache and versions. */
export type Toolchain = z.infer<typeof toolchainSchema>;
export type NodeSoftware = z.infer<typeof nodeSoftwareSchema>;
export type ControllerName = keyof z.infer<typeof perControllerSchema>;

export const toolchainFile = resolve(stateDirectory, "software.json");

/** @throws Error that says how to build it, where it is missing or from another version of this project. */
export function readToolchain(): Toolchain {
  if (!existsSync(toolchainFile))
    throw new Error(
      `${toolchainFile} is missing: build the toolchain first with ./mixcpt setup, or with ./mixcpt setup client for a cluster that is there`,
    );
  const parsed = toolchainSchema.safeParse(JSON.parse(readFileSync(toolchainFile, "utf8")));
  if (!parsed.success) throw new Error(`${toolchainFile} is of another version: run ./mixcpt setup again`);
  return parsed.data;
}

/** Folders of programs as far as a readable record names them: who can do without the toolchain is not stopped by an old record. */
export function listKnownPrograms(): readonly string[] {
  try {
    return readToolchain().programs;
  } catch {
    return [];
  }
}

/** @throws Error where only what talks to a cluster was built */
export function requireNodeSoftware({ nodes }: Toolchain): NodeSoftware {
  if (nodes === undefined)
    throw new Error("what this cluster's nodes are made of is not built: ./mixcpt setup builds it");
  return nodes;
}
