/** The share of a cluster's GPUs that the queue of trainings and evaluations has. */
import { z } from "zod";

const countRule = "must be a number of devices: a whole number of at least 0";
const weightRule = "must be a number of at least 0, such as 2 or 0.5";
const nameRule = "must be a name of lower-case letters, digits, dashes and dots";

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

/** The fields that depend on each other, as far as they are valid. */
const sharedFieldsSchema = z.object({
  nodes: z.number(),
  devices: z.object({ devicesPerNode: z.number() }),
  queue: z.object({
    quota: z.number().optional(),
    cohort: z.string().optional(),
    borrowingLimit: z.unknown().optional(),
    weight: z.unknown().optional(),
    reclaim: z.unknown().optional(),
  }),
});

/** Adds the rules between the share of a queue and the cluster's devices, as far as both are valid. */
export function checkQueueShare(fields: unknown, context: z.core.$RefinementCtx): void {
  const { data } = sharedFieldsSchema.safeParse(fields);
  if (data === undefined) return;
  const addIssue = (key: string, message: string): void =>
    context.addIssue({ code: "custom", path: ["queue", key], message });
  const { quota, cohort, borrowingLimit, weight, reclaim } = data.queue;
  const total = data.nodes * data.devices.devicesPerNode;
  if (quota !== undefined && quota > total)
    addIssue("quota", `must be at most ${String(total)}, the devices of all nodes (nodes times devicesPerNode)`);
  if (quota === 0 && (cohort === undefined || borrowingLimit === 0))
    addIssue("quota", "0 devices and nothing to borrow admit no work; raise quota, or borrow of a cohort");
  for (const [key, value] of Object.entries({ borrowingLimit, weight, reclaim }))
    if (value !== undefined && cohort === undefined)
      addIssue(key, "needs a cohort, whose queues lend and borrow; add cohort or remove it");
}
