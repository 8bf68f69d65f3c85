import { bytes, range, short } from "../plan/numbers.ts";
import { markdownTable } from "../plan/table.ts";
import type { Change, Comparison } from "./compare.ts";
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

function causeText(causes: readonly Cause[]): string {
  const shown = causes.slice(0, mostCauses).map(({ input, old, new: now }) => `${input} ${code(old)} → ${code(now)}`);
  return [...shown, ...(causes.length > mostCauses ? [`and ${String(causes.length - mostCauses)} more`] : [])].join("; ");
}

function row({ cell, why, causes }: Change): string[] {
  const { id, run, estimate } = cell;
  const trains = why !== "evaluated again";
  return [id, why, causeText(causes), trains ? range(estimate.gpuHours) : "", trains ? bytes(estimate.diskGB * 1e9) : "", code(run)];
}

function summary(comparison: Comparison, base: string): string {
  const { changes, besides, gpuHours, diskGB } = comparison;
  if (!runsSomething(comparison)) return `Nothing would run: every run of ${base} stays what it is.`;
  const cells = `${String(changes.length)} cell${changes.length === 1 ? "" : "s"}`;
  const steps = besides.length === 0 ? "" : ` and ${String(besides.length)} other step${besides.length === 1 ? "" : "s"}`;
  const cost = gpuHours.high === 0 ? "" : `: ${range(gpuHours)} GPU-hours and ${bytes(diskGB * 1e9)} of disk more than ${base}`;
  return `${cells}${steps} would run${cost}.`;
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
  const { changes, besides, gone, findings } = comparison;
  const findingLines = findings.map(({ rule, severity, cells, message }) => `- ${severity} [${rule}](docs/lint.md#${rule}) (${cells.join(", ")}): ${message}`);
  return [
    marker,
    `**${summary(comparison, base)}**`,
    "",
    ...(changes.length > 0 ? [markdownTable({ headings: ["cell", "", "because", "GPU-hours", "disk", "run"], rows: changes.map(row) }), ""] : []),
    ...(gone.length > 0 ? [`No longer in the matrix, results stay: ${gone.join(", ")}`, ""] : []),
    ...(findingLines.length > 0 ? ["New findings:", "", ...findingLines, ""] : []),
    ...(besides.length > 0 ? folded(`other steps (${String(besides.length)}): data, base models`, besides.map((name) => `- ${code(name)}`).join("\n")) : []),
    ...diffSection(diff),
  ].join("\n");
}
