import { formatBand, formatByteSize, formatThreeDigits } from "../plan/formatNumbers.ts";
import { formatCount } from "../terminal/formatList.ts";
import type { CommentContext } from "./commentContext.ts";
import { exceedsLimit } from "./approvalLimit.ts";
import type { ComparisonTotals, SnapshotComparison } from "./compareSnapshots.ts";
import { computeComparisonTotals, hasEffects, hasRuns, listAcceptedStacks } from "./compareSnapshots.ts";
import {
  buildCellSection,
  buildClusterSection,
  buildDiffSection,
  buildErrorSection,
  buildFindingSection,
  buildMixtureSection,
  buildOtherStepsSection,
  buildRemovalSection,
} from "./commentSections.ts";
import { fitSections } from "./fitSections.ts";

/** The mark by which the workflow finds an earlier comment of the pull request. */
export const commentMarker = "<!-- mixcpt preview -->";

/** GitHub allows 65,536 characters per comment. */
const maxCommentCharacters = 65_000;

function formatNonZeroCount(count: number, noun: string): string[] {
  return count === 0 ? [] : [formatCount(count, noun)];
}

/** The additional hours, cost and disk space, without those that are zero. */
function formatAddedCost({ gpuHours, evaluationGpuHours, costs, diskGB }: ComparisonTotals, base: string): string {
  const parts = [
    ...(gpuHours.high === 0 ? [] : [`${formatBand(gpuHours)} GPU-hours of training`]),
    ...(evaluationGpuHours === 0 ? [] : [`at least ${formatThreeDigits(evaluationGpuHours)} of evaluation`]),
    ...[...costs].map(([currency, cost]) => `up to ${formatThreeDigits(cost)} ${currency}`),
    ...(diskGB === 0 ? [] : [`${formatByteSize(diskGB * 1e9)} of disk`]),
  ];
  return parts.length === 0 ? "" : `: ${new Intl.ListFormat("en-GB").format(parts)} more than ${base}`;
}

function formatRuns(comparison: SnapshotComparison, base: string): string {
  if (!hasRuns(comparison))
    return `Nothing would run${hasEffects(comparison) ? "" : `: all runs of ${base} are unchanged`}.`;
  const stacks = listAcceptedStacks(comparison);
  const count = (select: (stack: (typeof stacks)[number]) => number) =>
    stacks.reduce((total, stack) => total + select(stack), 0);
  const counts = [
    ...formatNonZeroCount(
      count(({ changes }) => changes.length),
      "cell",
    ),
    ...formatNonZeroCount(
      count(({ mixtures }) => mixtures.length),
      "mixture",
    ),
    ...formatNonZeroCount(
      count(({ otherSteps }) => otherSteps.length),
      "other step",
    ),
  ];
  const cost = formatAddedCost(computeComparisonTotals(comparison), base);
  return `${new Intl.ListFormat("en-GB").format(counts)} would run${cost}.`;
}

function formatOtherEffects({ clusters, stacks, problems, knownProblems }: SnapshotComparison): string[] {
  const removed = stacks.filter(({ status }) => status === "removed").length;
  const deleted = listAcceptedStacks({ stacks }).reduce((total, stack) => total + stack.deleted.length, 0);
  const refused =
    Object.keys(problems).length -
    knownProblems.length +
    stacks.filter(({ refusal, isKnownRefusal }) => refusal !== undefined && !isKnownRefusal).length;
  const known = knownProblems.length + stacks.filter(({ isKnownRefusal }) => isKnownRefusal).length;
  return [
    ...(refused > 0 ? [`${formatCount(refused, "file")} would be refused.`] : []),
    ...(known > 0 ? [`${formatCount(known, "file")} would be refused as before.`] : []),
    ...(clusters.length > 0 ? [`${formatCount(clusters.length, "cluster")} would change.`] : []),
    ...(removed > 0 ? [`${formatCount(removed, "stack")} would be removed after an approval.`] : []),
    ...(deleted > 0 ? [`${formatCount(deleted, "object")} would be deleted from clusters; results are kept.`] : []),
  ];
}

function formatApproval(comparison: SnapshotComparison, limit: number | undefined): string[] {
  const leaving = comparison.clusters.flatMap((change) => change.leaving).length;
  const exceeds = limit !== undefined && exceedsLimit(computeComparisonTotals(comparison), limit);
  return [
    ...(leaving > 0 ? [`${formatCount(leaving, "node")} would leave: the deployment waits for an approval.`] : []),
    ...(exceeds ? [`More than ${formatThreeDigits(limit)} GPU-hours: the deployment waits for an approval.`] : []),
  ];
}

/** Renders the comment of a pull request, the most important part first. */
export function renderPullRequestComment(comparison: SnapshotComparison, context: CommentContext): string {
  const { base, diff, approvalLimit, endedRuns } = context;
  const summary = [
    formatRuns(comparison, base),
    ...formatOtherEffects(comparison),
    ...formatApproval(comparison, approvalLimit),
  ].map((sentence) => `**${sentence}**`);
  const sections = [
    buildErrorSection(comparison, endedRuns),
    buildClusterSection(comparison),
    buildRemovalSection(comparison),
    buildCellSection(comparison),
    buildMixtureSection(comparison),
    buildFindingSection(comparison),
    buildOtherStepsSection(comparison),
    buildDiffSection(diff),
  ].filter(({ rows }) => rows.length > 0);
  const opening = [commentMarker, summary.join(" "), "", ""].join("\n");
  return opening + fitSections(sections, maxCommentCharacters - opening.length);
}
