import type { JobSpec } from "kubernetes-types/batch/v1.js";
import { buildPodReplacementPolicy } from "./failurePolicies.ts";
import type { ObjectIdentity } from "./objectLabels.ts";
import { buildAnnotations, buildLabels, queueLabel } from "./objectLabels.ts";
import type { PodSpecInput } from "./restrictedPod.ts";
import { buildRestrictedPod } from "./restrictedPod.ts";

/** Failed pods of one index before its Job fails. */
const podRetries = 6;

interface JobSpecInput {
  readonly identity: ObjectIdentity;
  readonly work: PodSpecInput;
  /** Local queue; a pod without one is not held back. */
  readonly queue?: string;
  /** Number of pods, each with its JOB_COMPLETION_INDEX. */
  readonly shards?: number;
}

/** A Job whose pods work alone. The queue is a label of the pods, so that a waiting pod holds nothing. */
export function buildJobSpec({ identity, work, queue, shards = 1 }: JobSpecInput): JobSpec {
  const queued = queue === undefined ? {} : { [queueLabel]: queue };
  return {
    completionMode: "Indexed",
    completions: shards,
    parallelism: shards,
    backoffLimitPerIndex: podRetries,
    podFailurePolicy: buildPodReplacementPolicy(work.name),
    template: {
      metadata: { labels: { ...buildLabels(identity), ...queued }, annotations: buildAnnotations(identity) },
      spec: buildRestrictedPod(work),
    },
  };
}
