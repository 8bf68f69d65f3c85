import { formatObjectName } from "./snapshotIndex.ts";
import type { ClusterFacts, PreviewSnapshot } from "./snapshotSchema.ts";
import type { InputChange } from "./stepInputs.ts";
import { diffLeaves } from "./stepInputs.ts";

/** A cluster that `cluster up` or `cluster destroy` would change, and the changed inputs. */
export interface ClusterChange {
  readonly cluster: string;
  readonly status: "new" | "changed" | "removed";
  readonly causes: readonly InputChange[];
  /** Queues and runtimes that change, by kind and name. */
  readonly objects: readonly string[];
}

function mapObjects(facts: ClusterFacts | undefined): Map<string, string> {
  return new Map((facts?.manifests ?? []).map((manifest) => [formatObjectName(manifest), JSON.stringify(manifest)]));
}

function compareCluster(
  cluster: string,
  [before, after]: readonly [ClusterFacts | undefined, ClusterFacts | undefined],
): ClusterChange[] {
  if (before === undefined) return [{ cluster, status: "new", causes: [], objects: [] }];
  if (after === undefined) return [{ cluster, status: "removed", causes: [], objects: [] }];
  const causes = diffLeaves(new Map(Object.entries(before.inputs)), new Map(Object.entries(after.inputs)));
  const objects = diffLeaves(mapObjects(before), mapObjects(after)).map(({ input }) => input);
  return causes.length + objects.length === 0 ? [] : [{ cluster, status: "changed", causes, objects }];
}

/**
 * Lists the clusters of infra/ that a deployment of the head would change. Nothing is said if the base is from before
 * snapshots had clusters.
 * @param names clusters to compare instead of those that one of the commits deploys
 */
export function listClusterChanges(
  { clusters: before }: PreviewSnapshot,
  { clusters: after = {}, problems = {} }: PreviewSnapshot,
  names?: readonly string[],
): ClusterChange[] {
  if (before === undefined) return [];
  const all = [...new Set([...Object.keys(after), ...Object.keys(before)])].sort();
  const isSelected = (cluster: string): boolean =>
    names?.includes(cluster) ?? (after[cluster] ?? before[cluster])?.deployed === true;
  return all
    .filter((cluster) => isSelected(cluster) && !(`infra/Pulumi.${cluster}.yaml` in problems))
    .flatMap((cluster) => compareCluster(cluster, [before[cluster], after[cluster]]));
}
