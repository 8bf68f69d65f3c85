import type { ComparisonTotals } from "../preview/compareSnapshots.ts";
import { computeComparisonTotals } from "../preview/compareSnapshots.ts";
import { compareStack } from "../preview/compareStacks.ts";
import { buildPreviewSnapshot } from "../preview/previewSnapshot.ts";
import type { ObjectOwner } from "../preview/sharedObjects.ts";
import { listSharedObjects } from "../preview/sharedObjects.ts";
import type { IndexedStack } from "../preview/snapshotIndex.ts";
import { formatObjectName, indexSnapshot } from "../preview/snapshotIndex.ts";
import { listDeployedClusters, listDeployedStacks } from "./deployedStacks.ts";

/** What a deployment of this commit does, in this order: clusters, then stacks. */
export interface DeploymentPlan {
  readonly clusters: readonly string[];
  readonly stacks: readonly string[];
  /** Reasons why stacks are refused that `up` itself would not find. */
  readonly refusals: ReadonlyMap<string, string>;
  /** Estimates of what the states do not record yet. */
  readonly totals: ComparisonTotals;
}

/** The states of the backend. */
export interface RecordedState {
  /** The runs that a stack has submitted, by kind and name. */
  readonly listRecorded: (stack: string) => Promise<ReadonlySet<string>>;
  /** Stacks whose file was deleted and that still have objects. */
  readonly removed: readonly ObjectOwner[];
}

/** The part of a stack that its state records. */
function selectRecorded(later: IndexedStack, recorded: ReadonlySet<string>): IndexedStack {
  return {
    ...later,
    objects: new Map([...later.objects].filter(([name]) => recorded.has(name))),
    steps: new Map([...later.steps].filter(([, step]) => recorded.has(formatObjectName(step)))),
  };
}

/** Plans the deployment of this commit. */
export async function planDeployment({ listRecorded, removed }: RecordedState): Promise<DeploymentPlan> {
  const stacks = listDeployedStacks();
  const snapshot = indexSnapshot(buildPreviewSnapshot(stacks));
  const indexed = [...snapshot.stacks.values()];
  const refusals = listSharedObjects(indexed, removed);
  const pending = indexed.map(async (declared) => {
    const later = { ...declared, refusal: declared.refusal ?? refusals.get(declared.stack) };
    const earlier = selectRecorded(declared, await listRecorded(declared.stack));
    return compareStack({ ...earlier, refusal: undefined }, { later, sides: [snapshot, snapshot] });
  });
  return {
    clusters: listDeployedClusters(),
    stacks,
    refusals,
    totals: computeComparisonTotals({ stacks: await Promise.all(pending) }),
  };
}
