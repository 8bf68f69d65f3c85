import type { PodFailurePolicy } from "kubernetes-types/batch/v1.js";
import type { JobSetSpec } from "./manifestTypes.ts";

/** Exit code of every image for invalid input, for which a retry is useless. */
const badInputExitCode = 2;

/**
 * Conditions of a pod that the node or the scheduler evicted (DisruptionTarget) or Kueue stopped (TerminationTarget).
 */
const disruptionConditions = [
  { type: "DisruptionTarget", status: "True" },
  { type: "TerminationTarget", status: "True" },
];

function failOnBadInput(containerName: string) {
  return { action: "FailJob", onExitCodes: { containerName, operator: "In", values: [badInputExitCode] } };
}

/** Builds the policy for independent pods: a disrupted pod is replaced, and bad input fails the Job at once. */
export function buildPodReplacementPolicy(containerName: string): PodFailurePolicy {
  return { rules: [failOnBadInput(containerName), { action: "Ignore", onPodConditions: disruptionConditions }] };
}

/**
 * Builds the policy for pods that train together: any failure of one pod ends the Job, and the JobSet restarts all of
 * them (see groupRestartPolicy). A single replacement pod would wait for peers of another torch.distributed world.
 * Kueue also expects the whole group to restart: it keeps the finalizers of a group's pods until every pod has ended.
 */
export function buildGroupFailurePolicy(containerName: string): PodFailurePolicy {
  return { rules: [failOnBadInput(containerName), { action: "FailJob", onPodConditions: disruptionConditions }] };
}

/** Number of restarts after crashes. Disruptions do not count. */
const maxRestarts = 10;

/** Restarts the whole group. BlockingRecreate keeps the new pods from meeting pods of the old group in the queue. */
export const groupRestartPolicy: Required<JobSetSpec>["failurePolicy"] = {
  maxRestarts,
  restartStrategy: "BlockingRecreate",
  rules: [
    {
      name: "badInput",
      action: "FailJobSet",
      onJobFailureReasons: ["PodFailurePolicy"],
      onJobFailureMessagePatterns: [`exit code ${String(badInputExitCode)} matching`],
    },
    { name: "takenAway", action: "RestartJobSetAndIgnoreMaxRestarts", onJobFailureReasons: ["PodFailurePolicy"] },
  ],
};
