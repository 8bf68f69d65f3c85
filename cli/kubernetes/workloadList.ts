import { z } from "zod";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { platformNames } from "../../jobs/kube/clusterOutputs.ts";
import { findTrueCondition } from "./apiObjects.ts";

interface WorkloadKind {
  readonly kind: string;
  /** As kubectl takes it: the version is the server's choice. */
  readonly resource: string;
  /** Conditions that an object has once it is over. */
  readonly ends: readonly string[];
}

/** What trains, what evaluates, and all that a queue holds or has let go. */
export const workloadKinds: readonly WorkloadKind[] = [
  { kind: "TrainJob", resource: "trainjobs.trainer.kubeflow.org", ends: ["Complete", "Failed"] },
  { kind: "JobSet", resource: "jobsets.jobset.x-k8s.io", ends: ["Completed", "Failed"] },
  { kind: "Workload", resource: "workloads.kueue.x-k8s.io", ends: ["Finished"] },
];

const kubectlListSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), namespace: z.string(), deletionTimestamp: z.string().optional() }),
      status: z
        .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional() })
        .optional(),
    }),
  ),
});

export interface ActiveWorkload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Of a list in kubectl's JSON, what is neither over nor being deleted. */
export function parseActiveWorkloads(json: string, { kind, ends }: WorkloadKind): ActiveWorkload[] {
  const { items } = kubectlListSchema.parse(JSON.parse(json));
  const going = items.filter(
    (object) => object.metadata.deletionTimestamp === undefined && !findTrueCondition(object, ...ends),
  );
  return going.map(({ metadata: { namespace, name } }) => ({ kind, namespace, name }));
}

/**
 * Where kubectl looks for work that would go with the platform: with the controllers their kinds go, and with those the
 * objects of every namespace. Where the cluster keeps its controllers, only this project's namespace goes.
 */
export function buildNamespaceArguments(config: ClusterConfig): string[] {
  if (config.kind !== "existing") return ["--all-namespaces"];
  return config.controllers === "installed" ? ["--namespace", platformNames.namespace] : ["--all-namespaces"];
}

/** The server's word for a kind that is not installed (any more), which has no objects. */
export function isMissingKindError(stderr: string): boolean {
  return /doesn't have a resource type|\(NotFound\)/.test(stderr);
}
