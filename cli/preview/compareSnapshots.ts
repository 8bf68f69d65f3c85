import type { ClusterChange } from "./clusterChanges.ts";
import { listClusterChanges } from "./clusterChanges.ts";
import type { StackComparison } from "./compareStacks.ts";
import { compareRemovedStack, compareStack } from "./compareStacks.ts";
import { listSharedObjects } from "./sharedObjects.ts";
import type { IndexedSnapshot } from "./snapshotIndex.ts";
import { indexSnapshot } from "./snapshotIndex.ts";
import type { FileProblem, PreviewSnapshot } from "./snapshotSchema.ts";

/** What a deployment of the head would do where the base is deployed. */
export interface SnapshotComparison {
  readonly clusters: readonly ClusterChange[];
  readonly stacks: readonly StackComparison[];
  /** Problems of files of the head that cannot be read, by the file's name. */
  readonly problems: Readonly<Record<string, string>>;
  /** Names of those files that have the same problem in the base. */
  readonly knownProblems: readonly string[];
}

/** The stacks to compare: the named ones, or those that one of the commits deploys. */
function selectStacks([before, after]: readonly [IndexedSnapshot, IndexedSnapshot], names: readonly string[]) {
  const stacks = [...new Set([...after.stacks.keys(), ...before.stacks.keys()])];
  if (names.length > 0) return stacks.filter((stack) => names.includes(stack));
  return stacks.filter((stack) => (after.stacks.get(stack) ?? before.stacks.get(stack))?.deployed === true);
}

/** Selects the problems of files that are deployed or named. */
function selectProblems(problems: Readonly<Record<string, FileProblem>>, names: readonly string[]) {
  const files = names.map((name) => `Pulumi.${name}.yaml`);
  const selected = Object.entries(problems).filter(([file, { deployed }]) =>
    names.length === 0 ? deployed : files.includes(file),
  );
  return Object.fromEntries(selected.map(([file, { message }]) => [file, message]));
}

/** Compares what two commits declare. `names` are the stacks to compare instead of those that are deployed. */
export function compareSnapshots(
  base: PreviewSnapshot,
  head: PreviewSnapshot,
  names: readonly string[] = [],
): SnapshotComparison {
  const sides = [indexSnapshot(base), indexSnapshot(head)] as const;
  const [before, after] = sides;
  const selected = selectStacks(sides, names);
  const unreadable = new Set(Object.keys(head.problems ?? {}));
  const isRemoved = (stack: string): boolean => !after.stacks.has(stack) && !unreadable.has(`Pulumi.${stack}.yaml`);
  const removed = selected.filter(isRemoved).flatMap((stack) => before.stacks.get(stack) ?? []);
  const shared = listSharedObjects(
    selected.flatMap((stack) => after.stacks.get(stack) ?? []),
    removed.filter(({ refusal }) => refusal === undefined),
  );
  const kept = selected.flatMap((stack): StackComparison[] => {
    const later = after.stacks.get(stack);
    if (later === undefined) return [];
    const refusal = later.refusal ?? shared.get(stack);
    return [compareStack(before.stacks.get(stack), { later: { ...later, refusal }, sides })];
  });
  const stacks = [...kept, ...removed.map(compareRemovedStack)];
  const problems = selectProblems(head.problems ?? {}, names);
  const clusterNames = names.length === 0 ? undefined : stacks.flatMap(({ cluster }) => cluster ?? []);
  return {
    clusters: listClusterChanges(base, head, clusterNames),
    stacks,
    problems,
    knownProblems: Object.keys(problems).filter((file) => base.problems?.[file]?.message === problems[file]),
  };
}

/** The stacks that a deployment changes: it refuses the others. */
export function listAcceptedStacks({ stacks }: Pick<SnapshotComparison, "stacks">): StackComparison[] {
  return stacks.filter(({ refusal }) => refusal === undefined);
}

/** Estimates of everything that would run. */
export interface ComparisonTotals {
  readonly gpuHours: { readonly low: number; readonly high: number };
  readonly evaluationGpuHours: number;
  readonly diskGB: number;
  /** Cost of the training hours at the high end, by currency, of stacks that have a price. */
  readonly costs: ReadonlyMap<string, number>;
}

function sumValues(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function sumCosts(stacks: readonly StackComparison[]): Map<string, number> {
  const costs = new Map<string, number>();
  for (const { price, changes } of stacks) {
    const hours = sumValues(changes.map(({ gpuHours }) => gpuHours.high));
    if (price !== undefined && hours > 0)
      costs.set(price.currency, (costs.get(price.currency) ?? 0) + hours * price.perGpuHour);
  }
  return costs;
}

export function computeComparisonTotals(comparison: Pick<SnapshotComparison, "stacks">): ComparisonTotals {
  const accepted = listAcceptedStacks(comparison);
  const changes = accepted.flatMap((stack) => stack.changes);
  const mixtures = accepted.flatMap((stack) => stack.mixtures);
  return {
    gpuHours: {
      low: sumValues(changes.map(({ gpuHours }) => gpuHours.low)),
      high: sumValues(changes.map(({ gpuHours }) => gpuHours.high)),
    },
    evaluationGpuHours: sumValues(changes.map(({ evaluationGpuHours }) => evaluationGpuHours)),
    diskGB: sumValues([...changes, ...mixtures.map(({ mixture }) => mixture)].map(({ diskGB }) => diskGB)),
    costs: sumCosts(accepted),
  };
}

/** True if a deployment would submit anything. */
export function hasRuns(comparison: Pick<SnapshotComparison, "stacks">): boolean {
  return listAcceptedStacks(comparison).some(({ created }) => created.length > 0);
}

/** True if a deployment would change anything or refuse a stack that the base does not refuse. */
export function hasEffects({ clusters, stacks, problems, knownProblems }: SnapshotComparison): boolean {
  return (
    clusters.length > 0 ||
    Object.keys(problems).length > knownProblems.length ||
    stacks.some(({ created, deleted, isKnownRefusal }) => !isKnownRefusal && created.length + deleted.length > 0) ||
    stacks.some(({ refusal, isKnownRefusal }) => refusal !== undefined && !isKnownRefusal)
  );
}
