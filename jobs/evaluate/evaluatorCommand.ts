/** The program that scores and publishes. */
export const evaluatorCommand = "mixcpt-evaluate";

/**
 * The uid of the pod's Job, and the number of failed pods with this pod's index, which Kubernetes counts for
 * `backoffLimitPerIndex`. The evaluator gives up units that failed often in this Job, and in the last pod all that
 * failed (images/evaluate, run_units.py).
 */
export const evaluatorFields = {
  MIXCPT_JOB: "metadata.labels['batch.kubernetes.io/controller-uid']",
  MIXCPT_FAILED_ATTEMPTS: "metadata.annotations['batch.kubernetes.io/job-index-failure-count']",
};
