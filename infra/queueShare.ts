/** The share of a cluster's GPUs that the queue of trainings and evaluations has. */
import { z } from "zod";
import { evenIfFieldsAreInvalid } from "../validation/completeSchemas.ts";
import { countGpuMachines } from "./inventory.ts";

const countRule = "must be a number of devices: a whole number of at least 0";
const weightRule = "must be a number of at least 0, such as 2 or 0.5";
const nameRule = "must be a name of lower-case letters, digits, dashes and dots";

export const queueMeaning =
  "the share of the GPUs that the queue of trainings and evaluations has; all of them if omitted";

const nameSchema = z.string(nameRule).regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, nameRule);
const countSchema = z.int(countRule).min(0, countRule);

export const queueShareSchema = z.strictObject({
  quota: countSchema
    .exactOptional()
    .describe("devices that the queue may use at any time; all of the cluster if omitted"),
  cohort: nameSchema.exactOptional().describe("Kueue's cohort, whose queues lend each other what they do not use"),
  borrowingLimit: countSchema
    .exactOptional()
    .describe("devices that the queue may borrow of its cohort; without a limit if omitted"),
  weight: z
    .number(weightRule)
    .min(0, weightRule)
    .exactOptional()
    .describe("weight of the queue in Kueue's fair sharing of what is borrowed, which it switches on; 1 if omitted"),
  reclaim: z
    .boolean()
    .exactOptional()
    .describe(
      "true, the default, if the queue takes lent devices back at once: trainings that borrowed them wait in " +
        "their queue and resume; false if it waits until they have ended",
    ),
  flavor: nameSchema
    .exactOptional()
    .describe("a ResourceFlavor that exists, which queues of one cohort share; cluster up makes one if omitted"),
});

/** The share of an install that brings its nodes: no flavor exists before them, and others name the one it makes. */
export const rackQueueSchema = queueShareSchema.omit({ flavor: true });

const machinesSchema = z.array(z.object({ devices: z.literal("none").exactOptional() }));

/** The nodes with GPUs, which files either count or list. */
const nodeCountSchema = z.union([
  z.object({ nodes: z.number() }).transform(({ nodes }) => nodes),
  z.object({ machines: machinesSchema }).transform(({ machines }) => countGpuMachines(machines)),
]);

/** The fields that depend on each other, as far as they are valid. */
const sharedFieldsSchema = z.object({
  platform: z.string().optional(),
  devices: z.object({ devicesPerNode: z.number() }),
  queue: z.object({
    quota: z.number().optional(),
    cohort: z.string().optional(),
    borrowingLimit: z.unknown().optional(),
    weight: z.unknown().optional(),
    reclaim: z.unknown().optional(),
  }),
});

const elsewhereRule =
  "has no effect with platform: elsewhere; write it into the file of the stack of kind existing that makes the queues";

/** Adds the rules between the share of a queue and the cluster's devices, as far as both are valid. */
function checkShare(fields: unknown, context: z.core.$RefinementCtx): void {
  const { data } = sharedFieldsSchema.safeParse(fields);
  const nodes = nodeCountSchema.safeParse(fields).data;
  if (data === undefined || nodes === undefined) return;
  const addIssue = (key: string, message: string): void =>
    context.addIssue({ code: "custom", path: ["queue", key], message });
  if (data.platform === "elsewhere") context.addIssue({ code: "custom", path: ["queue"], message: elsewhereRule });
  const { quota, cohort, borrowingLimit, weight, reclaim } = data.queue;
  const total = nodes * data.devices.devicesPerNode;
  if (quota !== undefined && quota > total)
    addIssue("quota", `must be at most ${String(total)}, the devices of all nodes (nodes times devicesPerNode)`);
  if (quota === 0 && (cohort === undefined || borrowingLimit === 0))
    addIssue("quota", "0 devices and nothing to borrow admit no work; raise quota, or borrow of a cohort");
  for (const [key, value] of Object.entries({ borrowingLimit, weight, reclaim }))
    if (value !== undefined && cohort === undefined)
      addIssue(key, "needs a cohort, whose queues lend and borrow; add cohort or remove it");
}

/** Adds these rules to the schema of a cluster's fields. */
export function checkQueue<Schema extends z.ZodObject>(schema: Schema): Schema {
  return schema.superRefine(checkShare, evenIfFieldsAreInvalid);
}
