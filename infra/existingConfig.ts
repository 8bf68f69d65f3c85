/** The files of clusters that others run: with the rights of an administrator, and of a tenant. */
import { z } from "zod";
import { checkDevices } from "../jobs/hardware/deviceSchema.ts";
import { defaultNamespace, runtimeKinds } from "../jobs/kube/platformNames.ts";
import { pinnedImagePattern } from "../policies/pinnedImages.ts";
import { evenIfFieldsAreInvalid } from "../validation/completeSchemas.ts";
import { buildListSchema } from "../validation/listSchema.ts";
import {
  amdGpuNodeLabels,
  clusterNetworkSchema,
  deviceSettingsSchema,
  packagesSchema,
  preflightSchema,
  publicKeyField,
  rocmSchema,
  servingSchema,
  storeImageMeaning,
  storeSchema,
} from "./clusterFields.ts";
import { checkMonitoring } from "./monitoring/monitoringConfig.ts";
import { checkPods, clusterPodFields, isolationFields } from "./podConfig.ts";
import { checkQueue, queueMeaning, queueShareSchema } from "./queueShare.ts";

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

const existingImageFieldsSchema = z.strictObject({
  data: buildExistingImageSchema(),
  llamaFactory: buildExistingImageSchema(),
  evaluate: buildExistingImageSchema(),
  store: buildExistingImageSchema().exactOptional().describe(storeImageMeaning),
  publicKey: publicKeyField,
});

const signedImageRule = "must be an image with a digest, name@sha256:…, because images.publicKey is to verify it";

/** Images that setup built are in no registry, so that they have no signature. */
const existingImagesSchema = existingImageFieldsSchema.superRefine(({ publicKey, ...images }, context) => {
  if (publicKey === undefined) return;
  for (const [name, image] of Object.entries(images))
    if (!image.includes("@sha256:")) context.addIssue({ code: "custom", path: [name], message: signedImageRule });
});

const accessFields = {
  kubeconfigFile: z.string().describe("file with the credentials of the cluster; relative to the checkout"),
  context: z.string().optional(),
};

const imagesField = existingImagesSchema
  .optional()
  .describe("by default those that setup built, which must then be on the nodes");

/** Builds the schema of an object's name as Kubernetes allows it, with dots unless it is a namespace's. */
function buildNameSchema(noun: string, pattern = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/) {
  const rule = `must be the name of ${noun}: lower-case letters, digits, dashes and dots`;
  return z.string(rule).regex(pattern, rule);
}

const namespaceRule = "must be a name of at most 40 lower-case letters, digits and dashes, such as team-a";

/** Names of the cluster's objects contain it, and a label has room for 63 characters. */
const namespaceSchema = z.string(namespaceRule).regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, namespaceRule);

const existingFieldsSchema = z.strictObject({
  kind: z.literal("existing").describe("a cluster that exists, by its kubeconfig"),
  ...accessFields,
  namespace: namespaceSchema
    .default(defaultNamespace)
    .describe("the namespace of the experiments, which cluster up makes; each install on a cluster needs another"),
  nodes: z.int().min(1).describe("nodes with GPUs"),
  devices: checkDevices(deviceSettingsSchema.extend({ emulated: emulationSchema })),
  network: clusterNetworkSchema,
  store: storeSchema,
  images: imagesField,
  packages: packagesSchema,
  serving: servingSchema,
  controllers: z
    .enum(["published", "built", "installed"])
    .default("published")
    .describe(
      "the origin of Kueue, JobSet and Trainer: published by their projects, built by setup for its nodes, or " +
        "already installed in the cluster",
    ),
  queue: queueShareSchema.exactOptional().describe(queueMeaning),
  rocm: rocmSchema
    .extend({
      nodeLabels: z.record(z.string(), z.string()).default(amdGpuNodeLabels).describe("select the nodes with devices"),
    })
    .optional()
    .describe("AMD's device plugin and node labeller; omitted if the cluster has both, or AMD's GPU operator"),
  ...clusterPodFields,
  ...isolationFields,
  preflight: preflightSchema,
});

/** The nodes with devices, as far as the fields are valid. */
const emulatedNodesSchema = z.object({ nodes: z.number(), devices: z.object({ emulated: z.array(z.unknown()) }) });

export const existingClusterSchema = checkMonitoring(checkQueue(checkPods(existingFieldsSchema))).superRefine(
  (fields, context) => {
    const { data } = emulatedNodesSchema.safeParse(fields);
    if (data === undefined || data.nodes === data.devices.emulated.length) return;
    const message = `must be ${String(data.devices.emulated.length)}, the number of nodes in devices.emulated`;
    context.addIssue({ code: "custom", path: ["nodes"], message });
  },
  evenIfFieldsAreInvalid,
);

const tenantFieldsSchema = z.strictObject({
  kind: z.literal("tenant").describe("a namespace of a cluster that others run; needs no right beyond the namespace"),
  ...accessFields,
  namespace: buildNameSchema("a namespace that exists", /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
  queue: buildNameSchema("a LocalQueue of the namespace").describe(
    "the LocalQueue of trainings and evaluations, which exists",
  ),
  dataQueue: buildNameSchema("a LocalQueue of the namespace")
    .exactOptional()
    .describe("the LocalQueue of data jobs, which need no GPU; queue if omitted"),
  claim: buildNameSchema("a PersistentVolumeClaim of the namespace").describe(
    "the PersistentVolumeClaim with the store, ReadWriteMany, which exists",
  ),
  runtime: z
    .strictObject({
      kind: z.enum(runtimeKinds).default("ClusterTrainingRuntime"),
      name: buildNameSchema("a runtime that an install of this project made"),
    })
    .exactOptional()
    .describe("a runtime that exists; cluster up makes a TrainingRuntime in the namespace if omitted"),
  account: buildNameSchema("a ServiceAccount of the namespace")
    .exactOptional()
    .describe("an account that may write ConfigMaps there; cluster up makes account and Role if omitted"),
  priorityClasses: buildNameSchema("the first part of classes, such as mixcpt for mixcpt-train-1")
    .exactOptional()
    .describe("the first part of the names of WorkloadPriorityClasses that exist; work has no priority if omitted"),
  nodes: z.int().min(1).describe("nodes with GPUs that the queue's quota holds"),
  devices: checkDevices(
    deviceSettingsSchema.extend({
      emulated: z.boolean().default(false).describe("true if the nodes report devices that do not exist"),
    }),
  ),
  network: clusterNetworkSchema,
  images: imagesField,
  packages: packagesSchema,
  serving: servingSchema,
  ...clusterPodFields,
});

export const tenantClusterSchema = checkPods(tenantFieldsSchema);
