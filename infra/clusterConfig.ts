import { z } from "zod";
import { gpuModelSchema } from "../jobs/hardware/gpuCatalog.ts";
import { ConfigError } from "../validation/problems.ts";
import { listKeysAt } from "../validation/schemaKeys.ts";
import { translateIssues } from "../validation/zodProblems.ts";
import { inventorySchema } from "./inventory.ts";

const devicesSchema = z.strictObject({
  gpu: gpuModelSchema,
  devicesPerNode: z.int().min(1),
  deviceId: z.string().exactOptional(),
  deviceGroups: z.array(z.int().min(1)).exactOptional(),
});
/** By digest: under a tag two nodes may run different bytes, and a run's name is a hash of what it runs. */
const imagesSchema = z.strictObject({
  data: buildImageSchema(),
  llamaFactory: buildImageSchema(),
  evaluate: buildImageSchema(),
});
/** AMD's device plugin and node labeller. */
const rocmSchema = z.strictObject({ devicePlugin: buildImageSchema(), nodeLabeller: buildImageSchema() });
const storeSchema = z.discriminatedUnion("kind", [
  /** A directory that every node mounts at the same place, as with Lustre or NFS. */
  z.strictObject({ kind: z.literal("path"), path: z.string().startsWith("/", "this must begin with /") }),
  z.strictObject({
    kind: z.literal("storageClass"),
    name: z.string(),
    size: z.string().regex(/^\d+[GTP]i$/, "this must be a size, like 50Ti"),
  }),
]);

/** Who installs the controllers, the queues and the store: this stack, or another one of the kind `existing`. */
const platformSchema = z.enum(["here", "elsewhere"]).default("here");

const localClusterSchema = z.strictObject({
  kind: z.literal("local"),
  platform: platformSchema,
  hosts: z.int().min(1).max(8),
  emulated: devicesSchema,
});
const hostsClusterSchema = z.strictObject({
  kind: z.literal("hosts"),
  platform: platformSchema,
  machines: inventorySchema,
  /** File of the private key that may log in to all of them. */
  privateKeyFile: z.string(),
  devices: devicesSchema,
  store: storeSchema,
  images: imagesSchema,
  /** Left out where it is installed otherwise. Every machine has devices. */
  rocm: rocmSchema.optional(),
});
const existingClusterSchema = z.strictObject({
  kind: z.literal("existing"),
  /** File with the credentials of the cluster; relative to the checkout. */
  kubeconfigFile: z.string(),
  context: z.string().optional(),
  nodes: z.int().min(1),
  devices: devicesSchema.extend({ emulated: z.boolean().default(false) }),
  store: storeSchema,
  /** Left out: those that set-up built, which must then be on the nodes. */
  images: imagesSchema.optional(),
  /** Whose Kueue, JobSet and Trainer: as their projects publish them, as set-up built them for its nodes, or what the cluster has. */
  controllers: z.enum(["published", "built", "installed"]).default("published"),
  /** Left out where the cluster has them or AMD's GPU operator. `nodeLabels`: of the nodes with devices, as the operator's own rule sets them where left out. */
  rocm: rocmSchema
    .extend({ nodeLabels: z.record(z.string(), z.string()).default({ "feature.node.kubernetes.io/amd-gpu": "true" }) })
    .optional(),
});

function buildImageSchema() {
  return z.string().regex(/@sha256:[0-9a-f]{64}$/, "an image by digest: name@sha256:…");
}

export const clusterConfigSchema = z.discriminatedUnion("kind", [
  localClusterSchema,
  hostsClusterSchema,
  existingClusterSchema,
]);
export type ClusterConfig = z.infer<typeof clusterConfigSchema>;
export type LocalConfig = z.infer<typeof localClusterSchema>;
export type HostsConfig = z.infer<typeof hostsClusterSchema>;
export type ExistingConfig = z.infer<typeof existingClusterSchema>;
export type StoreConfig = z.infer<typeof storeSchema>;

const clusterConfigKey = "mixcpt-infra:cluster";
const clusterFileSchema = z.object({ [clusterConfigKey]: clusterConfigSchema });

/** @throws ConfigError with every problem: file, path, value, what is allowed and what was probably meant. */
export function parseClusterConfig(value: unknown, name: string): ClusterConfig {
  const input = { [clusterConfigKey]: value };
  const { success, data, error } = clusterFileSchema.safeParse(input);
  if (success) return data[clusterConfigKey];
  throw new ConfigError(
    name,
    translateIssues(error.issues, { input, listAllowedKeys: (path) => listKeysAt(clusterFileSchema, input, path) }),
  );
}
