import { z } from "zod";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { findTrueCondition } from "./objectConditions.ts";
import { objectKinds, projectSelector } from "./objectKinds.ts";

/** Trainings, evaluations, and everything that a queue holds or has admitted. */
export const activeWorkloadKinds = ["trainjob", "jobset", "workload"] as const;
type ActiveWorkloadKind = (typeof activeWorkloadKinds)[number];

/** The flavors that Kueue has assigned to the pods of a workload, by resource. */
const flavorsSchema = z.object({ flavors: z.record(z.string(), z.string()).optional() });

const kubectlListSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), namespace: z.string(), deletionTimestamp: z.string().optional() }),
      status: z
        .object({
          conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
          admission: z.object({ podSetAssignments: z.array(flavorsSchema) }).optional(),
        })
        .optional(),
    }),
  ),
});

export interface ActiveWorkload {
  /** As the API spells it, such as `TrainJob`. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Flavors whose quota a Workload uses; omitted for other kinds, and before it is admitted. */
  readonly flavors?: readonly string[];
}

type ListedWorkload = z.infer<typeof kubectlListSchema>["items"][number];

function listFlavors({ status }: ListedWorkload): Pick<ActiveWorkload, "flavors"> {
  const assignments = status?.admission?.podSetAssignments ?? [];
  const flavors = new Set(assignments.flatMap(({ flavors: byResource = {} }) => Object.values(byResource)));
  return flavors.size === 0 ? {} : { flavors: [...flavors] };
}

/** Parses a list in kubectl's JSON and keeps the objects that have not ended and are not being deleted. */
export function parseActiveWorkloads(json: string, kindName: ActiveWorkloadKind): ActiveWorkload[] {
  const { kind, endConditions } = objectKinds[kindName];
  const ends = Object.values(endConditions);
  return kubectlListSchema
    .parse(JSON.parse(json))
    .items.filter((item) => item.metadata.deletionTimestamp === undefined && !findTrueCondition(item, ...ends))
    .map((item) => ({ kind, namespace: item.metadata.namespace, name: item.metadata.name, ...listFlavors(item) }));
}

/**
 * Builds the kubectl arguments for the namespaces whose work is lost when the platform is destroyed. Removing the
 * controllers removes their kinds, and with those the objects in every namespace. On a cluster that keeps its
 * controllers, only this project's namespace is removed.
 */
export function buildNamespaceArguments(config: ClusterConfig): string[] {
  // a team may also run other work in its namespace, of which cluster destroy removes nothing
  if (config.kind === "tenant") return ["--namespace", config.namespace, "--selector", projectSelector];
  const keepsControllers = config.kind === "existing" && config.controllers === "installed";
  return keepsControllers ? ["--namespace", config.namespace] : ["--all-namespaces"];
}
