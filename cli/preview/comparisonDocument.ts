import { exceedsLimit } from "./approvalLimit.ts";
import type { SnapshotComparison } from "./compareSnapshots.ts";
import { computeComparisonTotals } from "./compareSnapshots.ts";
import type { CommentContext } from "./commentContext.ts";
import type { StackComparison } from "./compareStacks.ts";

function buildStackEntry(comparison: StackComparison): object {
  const { stack, cluster, status, refusal, changes, mixtures, otherSteps, removed, created, deleted } = comparison;
  return {
    stack,
    cluster,
    status,
    ...(refusal !== undefined && { refusal }),
    changes,
    mixtures: mixtures.map(({ mixture, reason, causes }) => ({ id: mixture.id, job: mixture.job, reason, causes })),
    otherSteps,
    removed,
    created,
    deleted,
  };
}

/** Builds the comparison as JSON for programs. Keys are added, never renamed or removed. */
export function buildComparisonDocument(
  comparison: SnapshotComparison,
  { approvalLimit, endedRuns }: Pick<CommentContext, "approvalLimit" | "endedRuns">,
): object {
  const { costs, ...totals } = computeComparisonTotals(comparison);
  const exceeds = approvalLimit !== undefined && exceedsLimit(totals, approvalLimit);
  const leaves = comparison.clusters.some(({ leaving }) => leaving.length > 0);
  return {
    clusters: comparison.clusters,
    stacks: comparison.stacks.map(buildStackEntry),
    problems: comparison.problems,
    knownProblems: comparison.knownProblems,
    endedRuns,
    totals: { ...totals, costs: Object.fromEntries(costs) },
    ...((approvalLimit !== undefined || leaves) && {
      approval: { ...(approvalLimit !== undefined && { limit: approvalLimit }), required: exceeds || leaves },
    }),
  };
}
