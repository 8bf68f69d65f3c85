import type { JobSpec } from "kubernetes-types/batch/v1.js";
import { replacePods } from "./failures.ts";
import type { Identity } from "./labels.ts";
import { annotationsOf, labelsOf, queueLabel } from "./labels.ts";
import type { Work } from "./restrictedPod.ts";
import { restrictedPod } from "./restrictedPod.ts";

/** Failed pods of one index before its Job fails. */
const retries = 6;

interface Batch {
  identity: Identity;
  work: Work;
  /** Local queue; a pod without one is not held back. */
  queue?: string;
  /** Number of pods, each with its JOB_COMPLETION_INDEX. */
  shards?: number;
}

/** A Job whose pods work alone. The queue is a label of the pods, so that a waiting pod holds nothing. */
export function jobSpec({ identity, work, queue, shards = 1 }: Batch): JobSpec {
  const queued = queue === undefined ? {} : { [queueLabel]: queue };
  return {
    completionMode: "Indexed",
    completions: shards,
    parallelism: shards,
    backoffLimitPerIndex: retries,
    podFailurePolicy: replacePods(work.name),
    template: {
      metadata: { labels: { ...labelsOf(identity), ...queued }, annotations: annotationsOf(identity) },
      spec: restrictedPod(work),
    },
  };
}
