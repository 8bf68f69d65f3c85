import { z } from "zod";
import { maxGraceSeconds } from "../jobs/kube/trainingRuntime.ts";
import { trainingPresetNames } from "./trainingPresets.ts";

const graceRule = `must be a whole number of seconds from 30 to ${String(maxGraceSeconds)}`;

/** The fields of `training` in a cluster's file that the pods of other work do not have. */
export const trainingPodFields = {
  preset: z
    .enum(trainingPresetNames)
    .exactOptional()
    .describe("variables for the network between GPUs; env wins over them"),
  graceSeconds: z
    .int(graceRule)
    .min(30, graceRule)
    .max(maxGraceSeconds, graceRule)
    .exactOptional()
    .describe("how long a pod that is told to stop has for a checkpoint, by default 300"),
  hostNetwork: z
    .boolean()
    .exactOptional()
    .describe("the pods use the network of their node; needs podSecurity: privileged"),
};
