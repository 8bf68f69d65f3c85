import type { JobManifest, JobSetManifest, TrainJobManifest } from "../../jobs/kube/manifestTypes.ts";
import { kindLabel, partOfLabel } from "../../jobs/kube/objectLabels.ts";

/** The kinds that a stack submits, as kubectl spells them on the command line. */
export type RunKind = "job" | "trainjob" | "jobset";

interface ObjectKind<ApiVersion extends string = string, Kind extends string = string> {
  readonly kind: Kind;
  readonly apiVersion: ApiVersion;
  readonly plural: string;
  /** The conditions that are true on an object that has ended; the controllers do not agree on their names. */
  readonly endConditions: Readonly<Record<string, string>>;
}

/**
 * The API objects that this project reads and deletes. The manifest types tie the versions to those that jobs/ submits.
 * A Workload is what Kueue makes of each run; its condition does not say how the run ended.
 */
export const objectKinds = {
  job: {
    kind: "Job",
    apiVersion: "batch/v1",
    plural: "jobs",
    endConditions: { succeeded: "Complete", failed: "Failed" },
  },
  trainjob: {
    kind: "TrainJob",
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    plural: "trainjobs",
    endConditions: { succeeded: "Complete", failed: "Failed" },
  },
  jobset: {
    kind: "JobSet",
    apiVersion: "jobset.x-k8s.io/v1alpha2",
    plural: "jobsets",
    endConditions: { succeeded: "Completed", failed: "Failed" },
  },
  workload: {
    kind: "Workload",
    apiVersion: "kueue.x-k8s.io/v1beta2",
    plural: "workloads",
    endConditions: { finished: "Finished" },
  },
} as const satisfies {
  job: ObjectKind<JobManifest["apiVersion"], JobManifest["kind"]>;
  trainjob: ObjectKind<TrainJobManifest["apiVersion"], TrainJobManifest["kind"]>;
  jobset: ObjectKind<JobSetManifest["apiVersion"], JobSetManifest["kind"]>;
  workload: ObjectKind;
};

type ObjectKindName = keyof typeof objectKinds;

/** Group, version and plural as the API client takes them. */
export function getResourcePath(name: ObjectKindName): { group: string; version: string; plural: string } {
  const { apiVersion, plural } = objectKinds[name];
  const [group = "", version = ""] = apiVersion.split("/");
  return { group, version, plural };
}

/** `trainjobs.trainer.kubeflow.org`: without a version, so that kubectl takes the one that the server prefers. */
export function getResourceName(name: ObjectKindName): string {
  const { plural, group } = getResourcePath(name);
  return `${plural}.${group}`;
}

/** Selects every object that this project submits. */
export const projectSelector = `${partOfLabel}=mixcpt`;

/** Selects the ConfigMaps with published scores. */
export const scoresSelector = `${kindLabel}=scores`;

export const jobSetLabel = "jobset.sigs.k8s.io/jobset-name";
export const replicatedJobLabel = "jobset.sigs.k8s.io/replicatedjob-name";
/** Kueue admits the pods with the same value together; their Workload has that name. */
export const podGroupLabel = "kueue.x-k8s.io/pod-group-name";
export const jobLabel = "batch.kubernetes.io/job-name";
