import { z } from "zod";
import { gpuModel } from "../jobs/hardware/gpuSchema.ts";
import { ConfigError } from "../jobs/matrix/problems.ts";
import { keysAt } from "../jobs/matrix/schemaKeys.ts";
import { problemsOf } from "../jobs/matrix/zodProblems.ts";
import { inventory } from "./inventory.ts";

const devices = z.strictObject({ gpu: gpuModel, devicesPerNode: z.int().min(1), deviceId: z.string().exactOptional(), deviceGroups: z.array(z.int().min(1)).exactOptional() });
/** By digest: under a tag two nodes may run different bytes, and a run's name is a hash of what it runs. */
const images = z.strictObject({ data: imageByDigest(), llamaFactory: imageByDigest(), evaluate: imageByDigest() });
/** AMD's device plugin and node labeller. */
const rocm = z.strictObject({ devicePlugin: imageByDigest(), nodeLabeller: imageByDigest() });
const store = z.discriminatedUnion("kind", [
  /** A directory that every node mounts at the same place, as with Lustre or NFS. */
  z.strictObject({ kind: z.literal("path"), path: z.string().startsWith("/", "this must begin with /") }),
  z.strictObject({ kind: z.literal("storageClass"), name: z.string(), size: z.string().regex(/^\d+[GTP]i$/, "this must be a size, like 50Ti") }),
]);

/** Who installs the controllers, the queues and the store: this stack, or another one of the kind `existing`. */
const platform = z.enum(["here", "elsewhere"]).default("here");

const local = z.strictObject({ kind: z.literal("local"), platform, hosts: z.int().min(1).max(8), emulated: devices });
const hosts = z.strictObject({
  kind: z.literal("hosts"),
  platform,
  machines: inventory,
  /** File of the private key that may log in to all of them. */
  privateKeyFile: z.string(),
  devices,
  store,
  images,
  /** Left out where it is installed otherwise. Every machine has devices. */
  rocm: rocm.optional(),
});
const existing = z.strictObject({
  kind: z.literal("existing"),
  /** File with the credentials of the cluster; relative to the checkout. */
  kubeconfigFile: z.string(),
  context: z.string().optional(),
  nodes: z.int().min(1),
  devices: devices.extend({ emulated: z.boolean().default(false) }),
  store,
  /** Left out: those that set-up built, which must then be on the nodes. */
  images: images.optional(),
  /** Whose Kueue, JobSet and Trainer: as their projects publish them, as set-up built them for its nodes, or what the cluster has. */
  controllers: z.enum(["published", "built", "installed"]).default("published"),
  /** Left out where the cluster has them or AMD's GPU operator. `nodeLabels`: of the nodes with devices, as the operator's own rule sets them where left out. */
  rocm: rocm.extend({ nodeLabels: z.record(z.string(), z.string()).default({ "feature.node.kubernetes.io/amd-gpu": "true" }) }).optional(),
});

function imageByDigest() {
  return z.string().regex(/@sha256:[0-9a-f]{64}$/, "an image by digest: name@sha256:…");
}

export const clusterSchema = z.discriminatedUnion("kind", [local, hosts, existing]);
export type ClusterConfig = z.infer<typeof clusterSchema>;
export type LocalConfig = z.infer<typeof local>;
export type HostsConfig = z.infer<typeof hosts>;
export type ExistingConfig = z.infer<typeof existing>;
export type StoreConfig = z.infer<typeof store>;

const key = "mixcpt-infra:cluster";
const file = z.object({ [key]: clusterSchema });

/** @throws ConfigError with every problem: file, path, value, what is allowed and what was probably meant. */
export function parseCluster(value: unknown, name: string): ClusterConfig {
  const input = { [key]: value };
  const { success, data, error } = file.safeParse(input);
  if (success) return data[key];
  throw new ConfigError(name, problemsOf(error.issues, { input, keysAt: (path) => keysAt(file, input, path) }));
}
