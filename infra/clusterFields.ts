/** Fields that the files of several kinds of clusters have. */
import { z } from "zod";
import { checkDevices, deviceFields } from "../jobs/hardware/deviceSchema.ts";
import { networkSchema } from "../jobs/hardware/network.ts";
import { computations } from "../jobs/kube/computingCode.ts";
import { servingSettingsSchema } from "../jobs/kube/servingSettings.ts";
import { buildVariantsSchema } from "../validation/completeSchemas.ts";

const deviceIdRule = 'must be a PCI device id of four lower-case hexadecimal digits, in quotes, such as "7408"';
const groupRule = "must be the number of a group other than 0, as `ls -n /dev/kfd` shows it";

export const deviceSettingsSchema = z.strictObject({
  ...deviceFields,
  deviceId: z
    .string(deviceIdRule)
    .regex(/^[0-9a-f]{4}$/, deviceIdRule)
    .exactOptional(),
  deviceGroups: z.array(z.int(groupRule).min(1, groupRule)).exactOptional(),
});
export const devicesSchema = checkDevices(deviceSettingsSchema);

export const storeImageMeaning =
  "for pods that wait for inputs or publish scores; evaluate, which is larger, if omitted";

const publicKeyRule = "must be the file of a public key, relative to the checkout, or a KMS URI as cosign takes it";

/** Not part of any name: who signed an image changes nothing in it. */
export const publicKeyField = z
  .string(publicKeyRule)
  .min(1, publicKeyRule)
  .exactOptional()
  .describe(
    "file of the public key, relative to the checkout, or KMS URI as cosign takes it: cluster up refuses images that " +
      "this key has not signed",
  );

/** Digests only: with a tag two nodes may run different bytes, and no name shows it. */
export const imagesSchema = z.strictObject({
  data: buildImageSchema(),
  llamaFactory: buildImageSchema(),
  evaluate: buildImageSchema(),
  store: buildImageSchema().exactOptional().describe(storeImageMeaning),
  publicKey: publicKeyField,
});

export const packagesSchema = z
  .partialRecord(z.enum(computations), z.record(z.string(), z.string()))
  .optional()
  .describe(
    "versions of what your images compute with beside this project's pins (torch, deepspeed, vllm), by computation: " +
      "part of the names of results, in place of the images",
  );

export const clusterNetworkSchema = networkSchema
  .exactOptional()
  .describe(
    "the network between the devices of a training, for the plan's hours; tcp-25g if omitted, or slingshot-4x200g " +
      "with training.preset: slingshot",
  );

export const servingSchema = servingSettingsSchema
  .exactOptional()
  .describe("how vLLM uses the devices of an evaluation; in no name of a result");

/** AMD's device plugin and node labeller. */
export const rocmSchema = z.strictObject({
  devicePlugin: buildImageSchema(),
  nodeLabeller: buildImageSchema(),
  health: z
    .boolean()
    .exactOptional()
    .describe(
      "true lets the device plugin withdraw GPUs that AMD's device metrics exporter finds unhealthy; it then runs " +
        "privileged",
    ),
});

/** The label that AMD's GPU operator sets on nodes with devices, by its rule for Node Feature Discovery. */
export const amdGpuNodeLabels = { "feature.node.kubernetes.io/amd-gpu": "true" };

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

export const preflightSchema = z
  .strictObject({
    required: z
      .boolean()
      .exactOptional()
      .describe("true lets trainings and evaluations run only on nodes that have passed; by default false"),
    cordon: z.boolean().exactOptional().describe("true puts nodes that fail into quarantine; by default false"),
  })
  .exactOptional()
  .describe("what ./mixcpt preflight does beside its report");

export function buildImageSchema() {
  return z.string().regex(/@sha256:[0-9a-f]{64}$/, "must be an image with a digest: name@sha256:…");
}
