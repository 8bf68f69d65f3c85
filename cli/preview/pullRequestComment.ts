import { formatBand, formatByteSize, formatThreeDigits, formatTokenCount } from "../plan/formatNumbers.ts";
import { renderMarkdownTable } from "../plan/planStyle.ts";
import { formatCount, formatFirstItems } from "../terminal/formatList.ts";
import type { CellChange, MixtureChange, SnapshotComparison } from "./compareSnapshots.ts";
import { hasRuns } from "./compareSnapshots.ts";
import type { InputChange } from "./stepInputs.ts";

/** The mark by which .github/workflows/preview.yml finds an earlier comment of the pull request. */
export const commentMarker = "<!-- mixcpt preview -->";

/** GitHub allows 65,536 characters per comment, and the rest of the comment needs room as well. */
const maxDiffCharacters = 55_000;
const maxListedCauses = 4;
const maxValueCharacters = 40;

function truncateValue(text: string): string {
  return text.length > maxValueCharacters ? `${text.slice(0, maxValueCharacters - 1)}…` : text;
}

function quoteCode(text: string): string {
  return `\`${truncateValue(text).replaceAll("`", "'")}\``;
}

/** Joins causes that change in the same way, such as 32 files of a repository with one new commit. */
function formatCauses(causes: readonly InputChange[]): string {
  const groups = [...Map.groupBy(causes, (cause) => JSON.stringify([cause.old, cause.new])).values()];
  const descriptions = groups.flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const inputs = others.length === 0 ? first.input : `${first.input} and ${String(others.length)} others`;
    return [`${inputs} ${quoteCode(first.old)} → ${quoteCode(first.new)}`];
  });
  return formatFirstItems(descriptions, { limit: maxListedCauses, separator: "; " });
}

function buildCellChangeRow({ cell, reason, causes }: CellChange): string[] {
  const { id, run, estimate } = cell;
  const trains = reason !== "re-evaluated";
  return [
    id,
    reason,
    formatCauses(causes),
    trains ? formatBand(estimate.gpuHours) : "",
    trains ? formatByteSize(estimate.diskGB * 1e9) : "",
    quoteCode(run),
  ];
}

function buildMixtureChangeRow({ mixture, reason, causes }: MixtureChange): string[] {
  const { id, tokens, diskGB, job } = mixture;
  return [
    id,
    reason,
    formatCauses(causes),
    formatTokenCount(tokens.total),
    formatByteSize(diskGB * 1e9),
    quoteCode(job),
  ];
}

function formatNonZeroCount(count: number, noun: string): string[] {
  return count === 0 ? [] : [formatCount(count, noun)];
}

/** The additional GPU-hours and disk space, without those that are zero. */
function formatAddedCost({ gpuHours, diskGB }: SnapshotComparison, base: string): string {
  const costs = [
    ...(gpuHours.high === 0 ? [] : [`${formatBand(gpuHours)} GPU-hours`]),
    ...(diskGB === 0 ? [] : [`${formatByteSize(diskGB * 1e9)} of disk`]),
  ];
  return costs.length === 0 ? "" : `: ${costs.join(" and ")} more than ${base}`;
}

function formatComparisonSummary(comparison: SnapshotComparison, base: string): string {
  const { changes, mixtures, otherSteps } = comparison;
  if (!hasRuns(comparison)) return `Nothing would run: all runs of ${base} are unchanged.`;
  const counts = [
    ...formatNonZeroCount(changes.length, "cell"),
    ...formatNonZeroCount(mixtures.length, "mixture"),
    ...formatNonZeroCount(otherSteps.length, "other step"),
  ];
  return `${new Intl.ListFormat("en-GB").format(counts)} would run${formatAddedCost(comparison, base)}.`;
}

/** Renders a table and an empty line; nothing if the table has no rows. */
function renderChangeTable(headings: readonly string[], rows: readonly string[][]): string[] {
  return rows.length === 0 ? [] : [renderMarkdownTable({ headings, rows }), ""];
}

function renderDetails(title: string, text: string): string[] {
  return [`<details><summary>${title}</summary>`, "", text, "", "</details>", ""];
}

function renderDiffSection(diff: string): string[] {
  if (diff === "") return [];
  const omitted = formatThreeDigits(diff.length - maxDiffCharacters);
  const text =
    diff.length > maxDiffCharacters
      ? `${diff.slice(0, maxDiffCharacters)}\n… ${omitted} more characters; ./mixcpt preview shows all of them`
      : diff;
  // four backticks, because a manifest may contain three
  return renderDetails("changed manifests", `\`\`\`\`diff\n${text}\n\`\`\`\``);
}

/** Renders the comment of a pull request. `diff` is the difference of the manifests. */
export function renderPullRequestComment(
  comparison: SnapshotComparison,
  { base, diff }: { base: string; diff: string },
): string {
  const { changes, mixtures, otherSteps, removed, findings } = comparison;
  const findingLines = findings.map(
    ({ rule, severity, cells, message }) =>
      `- ${severity} [${rule}](docs/lint.md#${rule}) (${cells.join(", ")}): ${message}`,
  );
  return [
    commentMarker,
    `**${formatComparisonSummary(comparison, base)}**`,
    "",
    ...renderChangeTable(["cell", "change", "cause", "GPU-hours", "disk", "run"], changes.map(buildCellChangeRow)),
    ...renderChangeTable(["mixture", "change", "cause", "tokens", "disk", "job"], mixtures.map(buildMixtureChangeRow)),
    ...(removed.length > 0 ? [`Removed from the matrix, results are kept: ${removed.join(", ")}`, ""] : []),
    ...(findingLines.length > 0 ? ["New findings:", "", ...findingLines, ""] : []),
    ...(otherSteps.length > 0
      ? renderDetails(
          `other steps (${String(otherSteps.length)}): data, base models`,
          otherSteps.map((name) => `- ${quoteCode(name)}`).join("\n"),
        )
      : []),
    ...renderDiffSection(diff),
  ].join("\n");
}
