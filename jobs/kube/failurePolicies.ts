import type { PodFailurePolicy } from "kubernetes-types/batch/v1.js";
import type { JobSetSpec } from "./manifestTypes.ts";

/** Exit code of every image for invalid input, for which a retry is useless. */
const badInputExitCode = 2;

/**
 * Exit code of every image for a node whose GPUs do not compute or that lacks the store, after the pod kept its place
 * there from other work for some minutes (images/base, node_hold.py). Another node may do the work, so that no retry is
 * used up.
 */
export const brokenNodeExitCode = 69;

/**
 * Conditions of a pod that the node or the scheduler evicted (DisruptionTarget) or Kueue stopped (TerminationTarget).
 */
const disruptionConditions = [
  { type: "DisruptionTarget", status: "True" },
  { type: "TerminationTarget", status: "True" },
];

function actOnExitCode(action: "FailJob" | "Ignore", containerName: string, exitCode: number) {
  return { action, onExitCodes: { containerName, operator: "In", values: [exitCode] } };
}

/**
 * Builds the policy for independent pods: bad input fails the Job at once, and a pod that was disrupted or had a broken
 * node is replaced without being counted.
 */
export function buildPodReplacementPolicy(containerName: string): PodFailurePolicy {
  return {
    rules: [
      actOnExitCode("FailJob", containerName, badInputExitCode),
      actOnExitCode("Ignore", containerName, brokenNodeExitCode),
      { action: "Ignore", onPodConditions: disruptionConditions },
    ],
  };
}

/**
 * Builds the policy for pods that train together: any failure of one pod ends the Job, and the JobSet restarts all of
 * them (see groupRestartPolicy). A single replacement pod would wait for peers of another torch.distributed world.
 * Kueue also expects the whole group to restart: it keeps the finalizers of a group's pods until every pod has ended.
 */
export function buildGroupFailurePolicy(containerName: string): PodFailurePolicy {
  return {
    rules: [
      actOnExitCode("FailJob", containerName, badInputExitCode),
      actOnExitCode("FailJob", containerName, brokenNodeExitCode),
      { action: "FailJob", onPodConditions: disruptionConditions },
    ],
  };
}

/** Number of restarts after crashes. Disruptions and broken nodes do not count. */
const maxRestarts = 10;

/**
 * Restarts the whole group. BlockingRecreate keeps the new pods from meeting pods of the old group in the queue.
 * A runtime that exists refuses another policy ("Value is immutable"), and none is deleted while TrainJobs use it: a
 * change here needs another name of the runtime.
 */
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
