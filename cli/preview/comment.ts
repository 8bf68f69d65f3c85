import { bytes, range, short, tokens } from "../plan/numbers.ts";
import { markdownTable } from "../plan/table.ts";
import type { Change, Comparison, MixtureChange } from "./compare.ts";
import { runsSomething } from "./compare.ts";
import type { Cause } from "./inputs.ts";

/** By this the comment of a pull request is found again. */
export const marker = "<!-- mixcpt preview -->";

/** A comment on GitHub has at most 65,536 characters; the rest of it needs room, too. */
const longestDiff = 55_000;
const mostCauses = 4;
const longestValue = 40;

const cut = (text: string): string => (text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text);
const code = (text: string): string => `\`${cut(text).replaceAll("`", "'")}\``;

/** Inputs that change alike are one: 32 files of a repository have one new commit. */
function causeText(causes: readonly Cause[]): string {
  const alike = [...Map.groupBy(causes, ({ old, new: now }) => JSON.stringify([old, now])).values()];
  const shown = alike.slice(0, mostCauses).flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { input, old, new: now } = first;
    return [`${input}${others.length === 0 ? "" : ` and ${String(others.length)} alike`} ${code(old)} → ${code(now)}`];
  });
  return [...shown, ...(alike.length > mostCauses ? [`and ${String(alike.length - mostCauses)} more`] : [])].join("; ");
}

function row({ cell, why, causes }: Change): string[] {
  const { id, run, estimate } = cell;
  const trains = why !== "evaluated again";
  return [id, why, causeText(causes), trains ? range(estimate.gpuHours) : "", trains ? bytes(estimate.diskGB * 1e9) : "", code(run)];
}

function mixtureRow({ mixture, why, causes }: MixtureChange): string[] {
  const { id, tokens: counted, diskGB, job } = mixture;
  return [id, why, causeText(causes), tokens(counted.total), bytes(diskGB * 1e9), code(job)];
}

const counted = (count: number, what: string): string[] => (count === 0 ? [] : [`${String(count)} ${what}${count === 1 ? "" : "s"}`]);

/** What is more than none, of hours and disk. */
function cost({ gpuHours, diskGB }: Comparison, base: string): string {
  const more = [...(gpuHours.high === 0 ? [] : [`${range(gpuHours)} GPU-hours`]), ...(diskGB === 0 ? [] : [`${bytes(diskGB * 1e9)} of disk`])];
  return more.length === 0 ? "" : `: ${more.join(" and ")} more than ${base}`;
}

function summary(comparison: Comparison, base: string): string {
  const { changes, mixtures, besides } = comparison;
  if (!runsSomething(comparison)) return `Nothing would run: every run of ${base} stays what it is.`;
  const what = [...counted(changes.length, "cell"), ...counted(mixtures.length, "mixture"), ...counted(besides.length, "other step")];
  return `${new Intl.ListFormat("en-GB").format(what)} would run${cost(comparison, base)}.`;
}

/** A table and the empty line after it; nothing where it has no row. */
function tableOf(headings: readonly string[], rows: readonly string[][]): string[] {
  return rows.length === 0 ? [] : [markdownTable({ headings, rows }), ""];
}

const folded = (title: string, text: string): string[] => [`<details><summary>${title}</summary>`, "", text, "", "</details>", ""];

function diffSection(diff: string): string[] {
  if (diff === "") return [];
  const shown = diff.length > longestDiff ? `${diff.slice(0, longestDiff)}\n… ${short(diff.length - longestDiff)} more characters: ./mixcpt preview says all of them` : diff;
  // four backticks: a manifest may hold three
  return folded("changed manifests", `\`\`\`\`diff\n${shown}\n\`\`\`\``);
}

/** One comment for a pull request. `diff` is that of the manifests. */
export function comment(comparison: Comparison, { base, diff }: { base: string; diff: string }): string {
  const { changes, mixtures, besides, gone, findings } = comparison;
  const findingLines = findings.map(({ rule, severity, cells, message }) => `- ${severity} [${rule}](docs/lint.md#${rule}) (${cells.join(", ")}): ${message}`);
  return [
    marker,
    `**${summary(comparison, base)}**`,
    "",
    ...tableOf(["cell", "", "because", "GPU-hours", "disk", "run"], changes.map(row)),
    ...tableOf(["mixture", "", "because", "tokens", "disk", "job"], mixtures.map(mixtureRow)),
    ...(gone.length > 0 ? [`No longer in the matrix, results stay: ${gone.join(", ")}`, ""] : []),
    ...(findingLines.length > 0 ? ["New findings:", "", ...findingLines, ""] : []),
    ...(besides.length > 0 ? folded(`other steps (${String(besides.length)}): data, base models`, besides.map((name) => `- ${code(name)}`).join("\n")) : []),
    ...diffSection(diff),
  ].join("\n");
}
