import { z } from "zod";

const memoryRule = "must be above 0 and at most 1: the share of a device's memory that vLLM takes";

/**
 * How vLLM serves a model on a cluster's devices. Like the number of devices, these settings are in no name: they
 * decide how fast and in how much memory answers are computed, and each answer has its own seed.
 */
export const servingSettingsSchema = z.strictObject({
  maxNumSeqs: z
    .int()
    .min(1)
    .exactOptional()
    .describe("prompts that vLLM answers at once; 16, as the study, if omitted"),
  gpuMemoryUtilization: z
    .number(memoryRule)
    .gt(0, memoryRule)
    .lte(1, memoryRule)
    .exactOptional()
    .describe("the share of a device's memory that vLLM takes; vLLM's default if omitted"),
  enforceEager: z
    .boolean()
    .exactOptional()
    .describe("false captures graphs, which is faster and takes more memory; true, as the study, if omitted"),
});

export type ServingSettings = Readonly<z.infer<typeof servingSettingsSchema>>;
