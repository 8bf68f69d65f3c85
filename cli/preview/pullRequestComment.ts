import { formatByteSize, formatBand, formatThreeDigits, formatTokenCount } from "../plan/formatNumbers.ts";
import { renderMarkdownTable } from "../plan/planStyle.ts";
import type { CellChange, SnapshotComparison, MixtureChange } from "./compareSnapshots.ts";
import { hasRuns } from "./compareSnapshots.ts";
import type { InputChange } from "./stepInputs.ts";

/** By this the comment of a pull request is found again. */
export const commentMarker = "<!-- mixcpt preview -->";

/** A comment on GitHub has at most 65,536 characters; the rest of it needs room, too. */
const maxDiffCharacters = 55_000;
const maxListedCauses = 4;
const maxValueCharacters = 40;

function truncateValue(text: string): string {
  return text.length > maxValueCharacters ? `${text.slice(0, maxValueCharacters - 1)}…` : text;
}

function quoteCode(text: string): string {
  return `\`${truncateValue(text).replaceAll("`", "'")}\``;
}

/** Inputs that change alike are one: 32 files of a repository have one new commit. */
function formatCauses(causes: readonly InputChange[]): string {
  const alike = [...Map.groupBy(causes, ({ old, new: now }) => JSON.stringify([old, now])).values()];
  const shown = alike.slice(0, maxListedCauses).flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { input, old, new: now } = first;
    return [
      `${input}${others.length === 0 ? "" : ` and ${String(others.length)} alike`} ${quoteCode(old)} → ${quoteCode(now)}`,
    ];
  });
  return [
    ...shown,
    ...(alike.length > maxListedCauses ? [`and ${String(alike.length - maxListedCauses)} more`] : []),
  ].join("; ");
}

function buildCellChangeRow({ cell, reason: why, causes }: CellChange): string[] {
  const { id, run, estimate } = cell;
  const trains = why !== "evaluated again";
  return [
    id,
    why,
    formatCauses(causes),
    trains ? formatBand(estimate.gpuHours) : "",
    trains ? formatByteSize(estimate.diskGB * 1e9) : "",
    quoteCode(run),
  ];
}

function buildMixtureChangeRow({ mixture, reason: why, causes }: MixtureChange): string[] {
  const { id, tokens: counted, diskGB, job } = mixture;
  return [id, why, formatCauses(causes), formatTokenCount(counted.total), formatByteSize(diskGB * 1e9), quoteCode(job)];
}

function formatNonZeroCount(count: number, what: string): string[] {
  return count === 0 ? [] : [`${String(count)} ${what}${count === 1 ? "" : "s"}`];
}

/** What is more than none, of hours and disk. */
function formatAddedCost({ gpuHours, diskGB }: SnapshotComparison, base: string): string {
  const more = [
    ...(gpuHours.high === 0 ? [] : [`${formatBand(gpuHours)} GPU-hours`]),
    ...(diskGB === 0 ? [] : [`${formatByteSize(diskGB * 1e9)} of disk`]),
  ];
  return more.length === 0 ? "" : `: ${more.join(" and ")} more than ${base}`;
}

function formatComparisonSummary(comparison: SnapshotComparison, base: string): string {
  const { changes, mixtures, otherSteps: besides } = comparison;
  if (!hasRuns(comparison)) return `Nothing would run: every run of ${base} stays what it is.`;
  const what = [
    ...formatNonZeroCount(changes.length, "cell"),
    ...formatNonZeroCount(mixtures.length, "mixture"),
    ...formatNonZeroCount(besides.length, "other step"),
  ];
  return `${new Intl.ListFormat("en-GB").format(what)} would run${formatAddedCost(comparison, base)}.`;
}

/** A table and the empty line after it; nothing where it has no row. */
function renderChangeTable(headings: readonly string[], rows: readonly string[][]): string[] {
  return rows.length === 0 ? [] : [renderMarkdownTable({ headings, rows }), ""];
}

function renderDetails(title: string, text: string): string[] {
  return [`<details><summary>${title}</summary>`, "", text, "", "</details>", ""];
}

function renderDiffSection(diff: string): string[] {
  if (diff === "") return [];
  const shown =
    diff.length > maxDiffCharacters
      ? `${diff.slice(0, maxDiffCharacters)}\n… ${formatThreeDigits(diff.length - maxDiffCharacters)} more characters: ./mixcpt preview says all of them`
      : diff;
  // four backticks: a manifest may hold three
  return renderDetails("changed manifests", `\`\`\`\`diff\n${shown}\n\`\`\`\``);
}

/** One comment for a pull request. `diff` is that of the manifests. */
export function renderPullRequestComment(
  comparison: SnapshotComparison,
  { base, diff }: { base: string; diff: string },
): string {
  const { changes, mixtures, otherSteps: besides, removed: gone, findings } = comparison;
  const findingLines = findings.map(
    ({ rule, severity, cells, message }) =>
      `- ${severity} [${rule}](docs/lint.md#${rule}) (${cells.join(", ")}): ${message}`,
  );
  return [
    commentMarker,
    `**${formatComparisonSummary(comparison, base)}**`,
    "",
    ...renderChangeTable(["cell", "", "because", "GPU-hours", "disk", "run"], changes.map(buildCellChangeRow)),
    ...renderChangeTable(["mixture", "", "because", "tokens", "disk", "job"], mixtures.map(buildMixtureChangeRow)),
    ...(gone.length > 0 ? [`No longer in the matrix, results stay: ${gone.join(", ")}`, ""] : []),
    ...(findingLines.length > 0 ? ["New findings:", "", ...findingLines, ""] : []),
    ...(besides.length > 0
      ? renderDetails(
          `other steps (${String(besides.length)}): data, base models`,
          besides.map((name) => `- ${quoteCode(name)}`).join("\n"),
        )
      : []),
    ...renderDiffSection(diff),
  ].join("\n");
}
