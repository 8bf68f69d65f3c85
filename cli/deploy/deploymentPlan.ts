import type { ComparisonTotals } from "../preview/compareSnapshots.ts";
import { computeComparisonTotals } from "../preview/compareSnapshots.ts";
import { compareStack } from "../preview/compareStacks.ts";
import { buildPreviewSnapshot } from "../preview/previewSnapshot.ts";
import type { ObjectOwner } from "../preview/sharedObjects.ts";
import { listSharedObjects } from "../preview/sharedObjects.ts";
import type { IndexedStack } from "../preview/snapshotIndex.ts";
import { formatObjectName, indexSnapshot } from "../preview/snapshotIndex.ts";
import type { PreviewSnapshot } from "../preview/snapshotSchema.ts";
import { listDeployedClusters, listDeployedStacks } from "./deployedStacks.ts";

/** What a deployment of this commit does, in this order: clusters, then stacks. */
export interface DeploymentPlan {
  readonly clusters: readonly string[];
  readonly stacks: readonly string[];
  /** Reasons why stacks are refused that `up` itself would not find. */
  readonly refusals: ReadonlyMap<string, string>;
  /** Estimates of what the states do not record yet. */
  readonly totals: ComparisonTotals;
  /** Nodes that `cluster up` would remove, as CLUSTER/NODE. */
  readonly leaving: readonly string[];
}

/** The states of experiments stacks in the backend. */
interface RecordedState {
  /** The runs that a stack has submitted, by the cluster that they are on. */
  readonly listOwners: (stack: string) => Promise<readonly ObjectOwner[]>;
  /** Stacks whose file was deleted and that still have objects. */
  readonly removed: readonly ObjectOwner[];
}

/**
 * The part of a stack that its state records on the cluster that its file names: on another cluster everything runs
 * again. A state that does not name the cluster of its objects has not moved them.
 */
function selectRecorded(later: IndexedStack, owners: readonly ObjectOwner[]): IndexedStack {
  const there = owners.filter(({ cluster }) => cluster === undefined || cluster === later.cluster);
  const isRecorded = (name: string): boolean => there.some(({ objects }) => objects.has(name));
  return {
    ...later,
    objects: new Map([...later.objects].filter(([name]) => isRecorded(name))),
    steps: new Map([...later.steps].filter(([, step]) => isRecorded(formatObjectName(step)))),
  };
}

/** Plans the deployment of the stacks in a snapshot. */
export async function planStacks(
  declared: PreviewSnapshot,
  { listOwners, removed }: RecordedState,
): Promise<Pick<DeploymentPlan, "refusals" | "totals">> {
  const snapshot = indexSnapshot(declared);
  const indexed = [...snapshot.stacks.values()];
  const violations = indexed.flatMap(({ stack, violation }) =>
    violation === undefined ? [] : [[stack, violation] as const],
  );
  const refusals = new Map([...listSharedObjects(indexed, removed), ...violations]);
  const pending = indexed.map(async (stack) => {
    const later = { ...stack, refusal: stack.refusal ?? refusals.get(stack.stack) };
    const earlier = selectRecorded(stack, await listOwners(stack.stack));
    return compareStack({ ...earlier, refusal: undefined }, { later, sides: [snapshot, snapshot] });
  });
  return { refusals, totals: computeComparisonTotals({ stacks: await Promise.all(pending) }) };
}

interface RecordedDeployment extends RecordedState {
  /** The nodes that `cluster up` would remove from a cluster, as CLUSTER/NODE. */
  readonly listLeaving: (cluster: string) => Promise<readonly string[]>;
}

/** Plans the deployment of this commit. */
export async function planDeployment({ listLeaving, ...state }: RecordedDeployment): Promise<DeploymentPlan> {
  const clusters = listDeployedClusters();
  const stacks = listDeployedStacks();
  const leaving = (await Promise.all(clusters.map(listLeaving))).flat();
  return { clusters, stacks, leaving, ...(await planStacks(buildPreviewSnapshot(stacks), state)) };
}
