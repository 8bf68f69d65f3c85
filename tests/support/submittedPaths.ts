/** The API paths of the kinds that an experiment stack submits, in the default namespace. */
export const submittedPaths = {
  TrainJob: "/apis/trainer.kubeflow.org/v1alpha1/namespaces/mixcpt/trainjobs",
  JobSet: "/apis/jobset.x-k8s.io/v1alpha2/namespaces/mixcpt/jobsets",
  Job: "/apis/batch/v1/namespaces/mixcpt/jobs",
} as const;
