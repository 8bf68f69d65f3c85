import { formatBand, formatByteSize, formatThreeDigits, formatTokenCount } from "../plan/formatNumbers.ts";
import { renderMarkdownTable } from "../plan/planStyle.ts";
import { formatCount, formatFirstItems } from "../terminal/formatList.ts";
import type { CellChange } from "./cellChanges.ts";
import type { ClusterChange } from "./clusterChanges.ts";
import type { SnapshotComparison } from "./compareSnapshots.ts";
import { listAcceptedStacks } from "./compareSnapshots.ts";
import type { MixtureChange, StackComparison } from "./compareStacks.ts";
import type { CommentSection } from "./fitSections.ts";
import type { EndedRun } from "./commentContext.ts";
import { shortenPair } from "./shortenPair.ts";
import type { InputChange } from "./stepInputs.ts";

const maxListedCauses = 4;
const maxListedNames = 30;

function quoteCode(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

/** Joins causes that change in the same way, such as 32 files of a repository with one new commit. */
function formatCauses(causes: readonly InputChange[]): string {
  const groups = [...Map.groupBy(causes, (cause) => JSON.stringify([cause.old, cause.new])).values()];
  const descriptions = groups.flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const inputs = others.length === 0 ? first.input : `${first.input} and ${String(others.length)} others`;
    const [before, after] = shortenPair(first.old, first.new);
    return [`${inputs} ${quoteCode(before)} → ${quoteCode(after)}`];
  });
  return formatFirstItems(descriptions, { limit: maxListedCauses, separator: "; " });
}

function buildTableSection(
  title: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): CommentSection {
  const [heading = "", line = "", ...lines] = renderMarkdownTable({ headings, rows }).split("\n");
  return { title, opening: [heading, line], rows: lines, closing: [""] };
}

function buildListSection(title: string, items: readonly string[]): CommentSection {
  return { title, opening: [`${title}:`, ""], rows: items.map((item) => `- ${item}`), closing: [""] };
}

function buildFoldedSection(title: string, rows: readonly string[], fence: string): CommentSection {
  const opening = [`<details><summary>${title}</summary>`, "", ...(fence === "" ? [] : [`${fence}diff`])];
  return { title, opening, rows, closing: [...(fence === "" ? [] : [fence]), "", "</details>", ""] };
}

/** A message of several lines as one item of a list. */
function indentMessage(message: string): string {
  return message.trim().split("\n").join("\n  ");
}

/** The first problem of a refusal that readers have seen before. */
function abbreviateRefusal(refusal: string): string {
  const [first = "", second = first, ...others] = refusal.trim().split("\n");
  const rest = others.length === 0 ? "" : ` and ${formatCount(others.length, "more problem")}`;
  return `as before: ${second.trim()}${rest}`;
}

function formatRefusal({ stack, refusal = "", isKnownRefusal, changes, mixtures }: StackComparison): string {
  const count = changes.length + mixtures.length;
  const waiting = count === 0 ? "" : `, and ${formatCount(count, "row")} below would run only without that`;
  const reason = isKnownRefusal ? abbreviateRefusal(refusal) : indentMessage(refusal);
  return `${quoteCode(`up ${stack}`)} is refused${waiting}; ${reason}`;
}

/** Names the files with one problem together: a corpora stack that cannot be read stops the families, too. */
function formatProblems({ problems, knownProblems }: SnapshotComparison): string[] {
  const describeProblem = (file: string): string =>
    knownProblems.includes(file) ? abbreviateRefusal(problems[file] ?? "") : indentMessage(problems[file] ?? "");
  const groups = Map.groupBy(Object.keys(problems), describeProblem);
  return [...groups].map(([problem, files]) => `${files.map(quoteCode).join(", ")}: ${problem}`);
}

function formatEndedRun({ stack, description }: EndedRun, stacks: readonly StackComparison[]): string {
  const isRemoved = stacks.some((other) => other.stack === stack && other.status === "removed");
  return `${quoteCode(`${isRemoved ? "destroy" : "up"} ${stack}`)} is refused while this is active: ${description}`;
}

/** The stacks whose submitted trainings must continue: a deployment refuses them. */
function formatContinuations(stacks: readonly StackComparison[]): string[] {
  const continued = stacks
    .filter(({ refusal }) => refusal === undefined)
    .map(({ stack, changes }) => ({ stack, count: changes.filter(({ reason }) => reason === "continued").length }))
    .filter(({ count }) => count > 0);
  return continued.map(
    ({ stack, count }) =>
      `${quoteCode(`up ${stack}`)} is refused where ${formatCount(count, "training")} of the base was submitted, ` +
      `which does not write the new checkpoints: run ${quoteCode(`./mixcpt destroy ${stack}`)}, ` +
      `then ${quoteCode(`./mixcpt up ${stack}`)}, and each continues from a checkpoint in the store`,
  );
}

export function buildErrorSection(comparison: SnapshotComparison, endedRuns: readonly EndedRun[]): CommentSection {
  const { stacks } = comparison;
  return buildListSection("Errors", [
    ...formatProblems(comparison),
    ...stacks.filter(({ refusal }) => refusal !== undefined).map(formatRefusal),
    ...formatContinuations(stacks),
    ...endedRuns.map((run) => formatEndedRun(run, stacks)),
  ]);
}

function buildClusterRow({ cluster, status, causes, leaving, objects }: ClusterChange): string[] {
  const effect = status === "removed" ? "`cluster destroy` after an approval" : "`cluster up` before the stacks";
  const names = objects.map(quoteCode);
  const leave = leaving.length === 0 ? "" : `leave: ${leaving.join(", ")}`;
  const changed = [leave, formatCauses(causes), formatFirstItems(names, { limit: maxListedCauses })];
  return [cluster, status, changed.filter((text) => text !== "").join("; "), effect];
}

export function buildClusterSection({ clusters }: SnapshotComparison): CommentSection {
  return buildTableSection("clusters", ["cluster", "change", "cause", "effect"], clusters.map(buildClusterRow));
}

function formatRemoval({ stack, status, removed, deleted }: StackComparison): string {
  const names = formatFirstItems(removed, { limit: maxListedNames });
  const objects = `${String(deleted.length)} objects deleted`;
  if (status === "removed") return `the stack ${quoteCode(stack)}, after an approval (${objects}): ${names}`;
  return `${names} of ${quoteCode(stack)}`;
}

export function buildRemovalSection({ stacks }: SnapshotComparison): CommentSection {
  const removals = stacks.filter(({ status, removed }) => status === "removed" || removed.length > 0);
  return buildListSection("Removed from the matrix, results are kept", removals.map(formatRemoval));
}

function formatHours(hours: number, format: string): string {
  return hours === 0 ? "" : format;
}

function buildCellRow(change: CellChange, { price, refusal }: StackComparison, withCost: boolean): string[] {
  const { stack, id, reason, causes, gpuHours, evaluationGpuHours, diskGB, run } = change;
  const cost = price === undefined ? 0 : gpuHours.high * price.perGpuHour;
  return [
    stack,
    id,
    refusal === undefined ? reason : `${reason}, but refused`,
    formatCauses(causes),
    formatHours(gpuHours.high, formatBand(gpuHours)),
    formatHours(evaluationGpuHours, formatThreeDigits(evaluationGpuHours)),
    ...(withCost ? [formatHours(cost, `${formatThreeDigits(cost)} ${price?.currency ?? ""}`)] : []),
    formatHours(diskGB, formatByteSize(diskGB * 1e9)),
    quoteCode(run),
  ];
}

/** Sorts rows that run before refused ones, the most expensive first; otherwise their order is kept. */
function sortCellChanges(stacks: readonly StackComparison[]): (readonly [StackComparison, CellChange])[] {
  const rows = stacks.flatMap((stack) => stack.changes.map((change) => [stack, change] as const));
  return rows.sort(
    ([first, a], [second, b]) =>
      Number(first.refusal !== undefined) - Number(second.refusal !== undefined) ||
      b.gpuHours.high - a.gpuHours.high ||
      b.evaluationGpuHours - a.evaluationGpuHours,
  );
}

export function buildCellSection({ stacks }: SnapshotComparison): CommentSection {
  const withCost = stacks.some(({ price }) => price !== undefined);
  const cost = withCost ? ["cost"] : [];
  const headings = ["stack", "cell", "change", "cause", "GPU-hours", "evaluation", ...cost, "disk", "run"];
  const rows = sortCellChanges(stacks).map(([stack, change]) => buildCellRow(change, stack, withCost));
  return buildTableSection("cells", headings, rows);
}

function buildMixtureRow({ stack, mixture, reason, causes }: MixtureChange, refusal: string | undefined): string[] {
  const { id, tokens, diskGB, job } = mixture;
  return [
    stack,
    id,
    refusal === undefined ? reason : `${reason}, but refused`,
    formatCauses(causes),
    formatTokenCount(tokens.total),
    formatByteSize(diskGB * 1e9),
    quoteCode(job),
  ];
}

export function buildMixtureSection({ stacks }: SnapshotComparison): CommentSection {
  const rows = stacks.flatMap(({ mixtures, refusal }) => mixtures.map((change) => buildMixtureRow(change, refusal)));
  return buildTableSection("mixtures", ["stack", "mixture", "change", "cause", "tokens", "disk", "job"], rows);
}

export function buildFindingSection({ stacks }: SnapshotComparison): CommentSection {
  const items = stacks.flatMap(({ stack, findings }) =>
    findings.map(
      ({ rule, severity, cells, message }) =>
        `${severity} ${quoteCode(rule)} in ${quoteCode(stack)} (${cells.join(", ")}): ${message}`,
    ),
  );
  return buildListSection("New findings (explained in docs/lint.md)", items);
}

export function buildOtherStepsSection(comparison: SnapshotComparison): CommentSection {
  const rows = listAcceptedStacks(comparison).flatMap(({ stack, otherSteps }) =>
    otherSteps.map((name) => `- ${quoteCode(name)} of ${quoteCode(stack)}`),
  );
  return buildFoldedSection(`other steps (${String(rows.length)}): data and models`, rows, "");
}

export function buildDiffSection(diff: string): CommentSection {
  // four backticks, because a manifest may contain three
  return buildFoldedSection("changed manifests", diff === "" ? [] : diff.split("\n"), "````");
}
