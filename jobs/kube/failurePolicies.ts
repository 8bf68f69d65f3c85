import type { PodFailurePolicy } from "kubernetes-types/batch/v1.js";
import type { JobSetSpec } from "./manifestTypes.ts";

/** The exit code by which every image says that its input is wrong and that trying again is useless. */
export const badInputExitCode = 2;

/** Evicted by the node or the scheduler (DisruptionTarget), or stopped by Kueue (TerminationTarget). */
const disruptionConditions = [
  { type: "DisruptionTarget", status: "True" },
  { type: "TerminationTarget", status: "True" },
];

function failOnBadInput(containerName: string) {
  return { action: "FailJob", onExitCodes: { containerName, operator: "In", values: [badInputExitCode] } };
}

/** For pods that work alone: what was taken away is simply done again, and bad input fails at once. */
export function buildPodReplacementPolicy(containerName: string): PodFailurePolicy {
  return { rules: [failOnBadInput(containerName), { action: "Ignore", onPodConditions: disruptionConditions }] };
}

/**
 * For pods that train together: whatever happens to one of them ends the Job, and the JobSet starts all of them
 * again (see restartTogether). A replacement of one pod would wait for peers that are in another world. Kueue,
 * too, wants a group to come back as a whole: it keeps the finalizers of a group's pods until every one has ended.
 */
export function buildGroupFailurePolicy(containerName: string): PodFailurePolicy {
  return { rules: [failOnBadInput(containerName), { action: "FailJob", onPodConditions: disruptionConditions }] };
}

/** A crash is tried again this often. Being taken away is not counted. */
const maxRestarts = 10;

/** BlockingRecreate: the new group must not meet pods of the old one in its queue. */
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
