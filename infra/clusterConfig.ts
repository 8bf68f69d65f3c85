import { z } from "zod";
import { checkDevices, deviceFields } from "../jobs/hardware/deviceSchema.ts";
import { networkSchema } from "../jobs/hardware/network.ts";
import { infraProject } from "../jobs/kube/clusterIdentity.ts";
import { computations } from "../jobs/kube/computingCode.ts";
import { servingSettingsSchema } from "../jobs/kube/servingSettings.ts";
import { pinnedImagePattern } from "../policies/pinnedImages.ts";
import { buildVariantsSchema, evenIfFieldsAreInvalid } from "../validation/completeSchemas.ts";
import { buildListSchema } from "../validation/listSchema.ts";
import { ConfigError } from "../validation/problems.ts";
import { listKeysAt } from "../validation/schemaKeys.ts";
import { translateIssues } from "../validation/zodProblems.ts";
import { podNetwork, serviceNetwork } from "./cluster/kubeadmConfig.ts";
import { inventorySchema } from "./inventory.ts";
import { checkPods, clusterPodFields } from "./podConfig.ts";

const deviceIdRule = 'must be a PCI device id of four lower-case hexadecimal digits, in quotes, such as "7408"';
const groupRule = "must be the number of a group other than 0, as `ls -n /dev/kfd` shows it";

const deviceSettingsSchema = z.strictObject({
  ...deviceFields,
  deviceId: z
    .string(deviceIdRule)
    .regex(/^[0-9a-f]{4}$/, deviceIdRule)
    .exactOptional(),
  deviceGroups: z.array(z.int(groupRule).min(1, groupRule)).exactOptional(),
});
const devicesSchema = checkDevices(deviceSettingsSchema);

const storeImageMeaning = "for pods that wait for inputs or publish scores; evaluate, which is larger, if omitted";

/** Digests only: with a tag two nodes may run different bytes, and no name shows it. */
const imagesSchema = z.strictObject({
  data: buildImageSchema(),
  llamaFactory: buildImageSchema(),
  evaluate: buildImageSchema(),
  store: buildImageSchema().exactOptional().describe(storeImageMeaning),
});

const packagesSchema = z
  .partialRecord(z.enum(computations), z.record(z.string(), z.string()))
  .optional()
  .describe(
    "versions of what your images compute with beside this project's pins (torch, deepspeed, vllm), by computation: " +
      "part of the names of results, in place of the images",
  );

const clusterNetworkSchema = networkSchema
  .exactOptional()
  .describe("the network between the devices of a training, for the plan's hours; tcp-25g if omitted");

const servingSchema = servingSettingsSchema
  .exactOptional()
  .describe("how vLLM uses the devices of an evaluation; in no name of a result");

/** AMD's device plugin and node labeller. */
const rocmSchema = z.strictObject({ devicePlugin: buildImageSchema(), nodeLabeller: buildImageSchema() });

/** The label that AMD's GPU operator sets on nodes with devices, by its rule for Node Feature Discovery. */
const amdGpuNodeLabels = { "feature.node.kubernetes.io/amd-gpu": "true" };

const storePathRule = "must be the absolute path of a folder below /, without ..";
const classNameRule = "must be the name of a StorageClass: lower-case letters, digits, dashes and dots";
const storePathPattern = /^\/+[^/]/;

function isStorePath(path: string): boolean {
  return storePathPattern.test(path) && !path.split("/").includes("..");
}

export const storeSchema = buildVariantsSchema("kind", [
  z.strictObject({
    kind: z.literal("path"),
    path: z
      .string(storePathRule)
      .refine(isStorePath, storePathRule)
      .meta({
        pattern: storePathPattern.source,
        description: "a directory that every node mounts at the same path, as with Lustre or NFS",
      }),
  }),
  z.strictObject({
    kind: z.literal("storageClass"),
    name: z.string(classNameRule).regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, classNameRule),
    size: z.string().regex(/^\d+[GTP]i$/, "must be a size such as 50Ti"),
  }),
]);

const platformSchema = z
  .enum(["here", "elsewhere"])
  .default("here")
  .describe("what installs the controllers, the queues and the store: this stack, or another of the kind existing");

/** A network for private use (RFC 1918), except those of the services and the pods. */
const localNetworkPattern =
  /^(10\.(?!96\.|244\.)(25[0-5]|2[0-4]\d|1?\d?\d)|172\.(1[6-9]|2\d|3[01])|192\.168)\.0\.0\/16$/;

export const defaultLocalNetwork = "10.89.0.0/16";

/** The addresses of which the local hosts of one stack use a /24. */
const localNetworkSchema = z
  .string()
  .regex(
    localNetworkPattern,
    `must be a private /16 such as 172.31.0.0/16, except ${serviceNetwork} (services) and ${podNetwork} (pods)`,
  )
  .default(defaultLocalNetwork);

const preflightSchema = z
  .strictObject({ cordon: z.boolean().describe("true puts nodes that fail into quarantine; by default false") })
  .exactOptional()
  .describe("what ./mixcpt preflight does beside its report");

const localFieldsSchema = z.strictObject({
  kind: z.literal("local").describe("hosts of this machine, for tests and the demo"),
  platform: platformSchema,
  hosts: z.int().min(1).max(8),
  network: localNetworkSchema.describe("the addresses of which these hosts use a /24"),
  emulated: devicesSchema.describe("the devices that every node reports; they do not exist, so the CPU does the work"),
  ...clusterPodFields,
  preflight: preflightSchema,
});
const localClusterSchema = checkPods(localFieldsSchema);

const hostsFieldsSchema = z.strictObject({
  kind: z.literal("hosts").describe("machines that are reached by SSH; the first is the control plane"),
  platform: platformSchema,
  machines: inventorySchema,
  privateKeyFile: z.string().describe("file of the private key that may log in to every machine"),
  devices: devicesSchema,
  network: clusterNetworkSchema,
  store: storeSchema,
  images: imagesSchema,
  packages: packagesSchema,
  serving: servingSchema,
  // every machine has devices
  rocm: rocmSchema
    .optional()
    .describe("AMD's device plugin and node labeller; omitted if something else installs them"),
  ...clusterPodFields,
  preflight: preflightSchema,
});
const hostsClusterSchema = checkPods(hostsFieldsSchema);

const nodeNameRule = "must be the name of a node, as kubectl get nodes shows it";
const emulationRule = "must be true, false or a list of node names";

const nodeNameSchema = z.string(nodeNameRule).regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, nodeNameRule);

/** The devices of an existing cluster that do not exist. */
const emulationSchema = z
  .union([z.boolean(), buildListSchema(nodeNameSchema).min(1, emulationRule)], emulationRule)
  .default(false)
  .describe(
    "true if the nodes already report devices that do not exist; a list of nodes that cluster up makes report them, " +
      "and cluster destroy no longer",
  );

/** On existing nodes an image may also be one that setup built: its tag is a hash of its sources. */
const existingImageRule =
  "must be an image with a digest: name@sha256:…, or one that setup built: mixcpt.local/NAME:HASH";

function buildExistingImageSchema() {
  return z.string().regex(pinnedImagePattern, existingImageRule);
}

const existingImagesSchema = z.strictObject({
  data: buildExistingImageSchema(),
  llamaFactory: buildExistingImageSchema(),
  evaluate: buildExistingImageSchema(),
  store: buildExistingImageSchema().exactOptional().describe(storeImageMeaning),
});

const existingFieldsSchema = z.strictObject({
  kind: z.literal("existing").describe("a cluster that exists, by its kubeconfig"),
  kubeconfigFile: z.string().describe("file with the credentials of the cluster; relative to the checkout"),
  context: z.string().optional(),
  nodes: z.int().min(1).describe("nodes with GPUs"),
  devices: checkDevices(deviceSettingsSchema.extend({ emulated: emulationSchema })),
  network: clusterNetworkSchema,
  store: storeSchema,
  images: existingImagesSchema
    .optional()
    .describe("by default those that setup built, which must then be on the nodes"),
  packages: packagesSchema,
  serving: servingSchema,
  controllers: z
    .enum(["published", "built", "installed"])
    .default("published")
    .describe(
      "the origin of Kueue, JobSet and Trainer: published by their projects, built by setup for its nodes, or " +
        "already installed in the cluster",
    ),
  rocm: rocmSchema
    .extend({
      nodeLabels: z.record(z.string(), z.string()).default(amdGpuNodeLabels).describe("select the nodes with devices"),
    })
    .optional()
    .describe("AMD's device plugin and node labeller; omitted if the cluster has both, or AMD's GPU operator"),
  ...clusterPodFields,
  preflight: preflightSchema,
});

/** The nodes with devices, as far as the fields are valid. */
const emulatedNodesSchema = z.object({ nodes: z.number(), devices: z.object({ emulated: z.array(z.unknown()) }) });

const existingClusterSchema = checkPods(existingFieldsSchema).superRefine((fields, context) => {
  const { data } = emulatedNodesSchema.safeParse(fields);
  if (data === undefined || data.nodes === data.devices.emulated.length) return;
  const message = `must be ${String(data.devices.emulated.length)}, the number of nodes in devices.emulated`;
  context.addIssue({ code: "custom", path: ["nodes"], message });
}, evenIfFieldsAreInvalid);

function buildImageSchema() {
  return z.string().regex(/@sha256:[0-9a-f]{64}$/, "must be an image with a digest: name@sha256:…");
}

export const clusterConfigSchema = buildVariantsSchema("kind", [
  localClusterSchema,
  hostsClusterSchema,
  existingClusterSchema,
]);
export type ClusterConfig = z.infer<typeof clusterConfigSchema>;
export type LocalConfig = z.infer<typeof localClusterSchema>;
export type HostsConfig = z.infer<typeof hostsClusterSchema>;
export type ExistingConfig = z.infer<typeof existingClusterSchema>;
export type StoreConfig = z.infer<typeof storeSchema>;

export const clusterConfigKey = `${infraProject}:cluster` as const;
export const clusterFileSchema = z.object({ [clusterConfigKey]: clusterConfigSchema });

/**
 * Checks the value of `mixcpt-infra:cluster` in a stack's file and fills in its defaults.
 * @throws ConfigError with every problem: file, path, value, what is allowed and what was probably meant
 */
export function parseClusterConfig(value: unknown, file: string): ClusterConfig {
  const input = { [clusterConfigKey]: value };
  const { success, data, error } = clusterFileSchema.safeParse(input);
  if (success) return data[clusterConfigKey];
  throw new ConfigError(
    file,
    translateIssues(error.issues, { input, listAllowedKeys: (path) => listKeysAt(clusterFileSchema, input, path) }),
  );
}
