import type { JobSpec } from "kubernetes-types/batch/v1.js";
import { buildPodReplacementPolicy } from "./failurePolicies.ts";
import type { ObjectIdentity } from "./objectLabels.ts";
import { buildAnnotations, buildLabels, queueLabel } from "./objectLabels.ts";
import { priorityLabel } from "./priorities.ts";
import type { PodSpecInput } from "./restrictedPod.ts";
import { buildRestrictedPod } from "./restrictedPod.ts";

/** Number of failed pods of one index after which the Job fails. */
const podRetries = 6;

interface JobSpecInput {
  readonly identity: ObjectIdentity;
  readonly work: PodSpecInput;
  /** Name of the LocalQueue; pods without one start immediately. */
  readonly queue?: string;
  /** Name of the Kueue priority class that decides the place in the queue. */
  readonly priority?: string | undefined;
  /** Number of pods, each with a JOB_COMPLETION_INDEX. */
  readonly shards?: number;
}

/** Builds the spec of a Job with independent pods. Each pod is queued by a label, so a waiting pod holds no quota. */
export function buildJobSpec({ identity, work, queue, priority, shards = 1 }: JobSpecInput): JobSpec {
  const queueLabels = {
    ...(queue !== undefined && { [queueLabel]: queue }),
    ...(priority !== undefined && { [priorityLabel]: priority }),
  };
  return {
    completionMode: "Indexed",
    completions: shards,
    parallelism: shards,
    backoffLimitPerIndex: podRetries,
    podFailurePolicy: buildPodReplacementPolicy(work.name),
    template: {
      metadata: {
        labels: { ...buildLabels(identity), ...queueLabels },
        annotations: { ...work.settings?.annotations, ...buildAnnotations(identity) },
      },
      spec: buildRestrictedPod(work),
    },
  };
}
