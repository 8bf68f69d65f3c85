import { formatObjectName } from "./snapshotIndex.ts";
import type { ClusterFacts, PreviewSnapshot } from "./snapshotSchema.ts";
import type { InputChange } from "./stepInputs.ts";
import { diffLeaves } from "./stepInputs.ts";

/** A cluster that `cluster up` or `cluster destroy` would change, and the changed inputs. */
export interface ClusterChange {
  readonly cluster: string;
  readonly status: "new" | "changed" | "removed";
  readonly causes: readonly InputChange[];
  /** Machines that the file no longer names, or names at another address: `gpu-2 (10.0.0.2)`. */
  readonly leaving: readonly string[];
  /** Queues and runtimes that change, by kind and name. */
  readonly objects: readonly string[];
}

function mapObjects(facts: ClusterFacts | undefined): Map<string, string> {
  return new Map((facts?.manifests ?? []).map((manifest) => [formatObjectName(manifest), JSON.stringify(manifest)]));
}

/** `machines.1 (gpu-2).address` */
const machineInput = /^machines\.(\d+) \(([^)]+)\)\.(.+)$/;

/**
 * The inputs of a cluster with machines by their name, so that one that leaves does not shift the others. Only the
 * first position means anything: it is the control plane.
 */
function mapInputs({ inputs }: ClusterFacts): Map<string, string> {
  const entries = Object.entries(inputs).flatMap(([input, value]): (readonly [string, string])[] => {
    const [, index, machine = "", field = ""] = machineInput.exec(input) ?? [];
    if (index === undefined) return [[input, value]];
    if (field !== "name") return [[`machines.${machine}.${field}`, value]];
    return index === "0" ? [["control plane", value]] : [];
  });
  return new Map(entries);
}

/** The addresses of a cluster's machines by their names. */
function mapMachines({ inputs }: ClusterFacts): Map<string, string> {
  const entries = Object.entries(inputs).flatMap(([input, value]) => {
    const [, , machine = "", field] = machineInput.exec(input) ?? [];
    return field === "address" ? [[machine, value] as const] : [];
  });
  return new Map(entries);
}

function listLeavingMachines(before: ClusterFacts, after: ClusterFacts): (readonly [name: string, address: string])[] {
  const remaining = mapMachines(after);
  return [...mapMachines(before)].filter(([name, address]) => remaining.get(name) !== address);
}

function compareCluster(
  cluster: string,
  [before, after]: readonly [ClusterFacts | undefined, ClusterFacts | undefined],
): ClusterChange[] {
  const unchanged = { cluster, causes: [], leaving: [], objects: [] };
  if (before === undefined) return [{ ...unchanged, status: "new" }];
  if (after === undefined) return [{ ...unchanged, status: "removed" }];
  const machines = listLeavingMachines(before, after);
  const remaining = mapMachines(after);
  const isListed = ({ input }: InputChange): boolean =>
    machines.some(([name]) => !remaining.has(name) && input.startsWith(`machines.${name}.`));
  const causes = diffLeaves(mapInputs(before), mapInputs(after)).filter((change) => !isListed(change));
  const leaving = machines.map(([name, address]) => `${name} (${address})`);
  const objects = diffLeaves(mapObjects(before), mapObjects(after)).map(({ input }) => input);
  if (causes.length + leaving.length + objects.length === 0) return [];
  return [{ cluster, status: "changed", causes, leaving, objects }];
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
