import { affectsResult } from "../../train/index.ts";
import type { LintCell, LintRule, LintVerdict } from "./lintRule.ts";

function formatSettingValue(value: unknown): string {
  return value === undefined ? "unset" : JSON.stringify(value);
}

/** Settings that decide what a run learns: those of its recipe, and the devices that multiply its batch. */
function listCellSettings({ recipe, devices }: LintCell): Readonly<Record<string, unknown>> {
  return { ...Object.fromEntries(Object.entries(recipe).filter(([setting]) => affectsResult(setting))), devices };
}

/** A setting with different values in these cells. */
interface DifferingSetting {
  readonly setting: string;
  /** Ids of cells by value, most frequent first. */
  readonly groups: readonly (readonly [string, readonly string[]])[];
  /** The axes that decide its value: cells with the same position on such an axis have the same value. */
  readonly axes: readonly string[];
}

function isDecidedByAxis(axis: string, valueOf: ReadonlyMap<LintCell, string>): boolean {
  const values = new Map<string | undefined, string>();
  return [...valueOf].every(([{ axes }, value]) => {
    const expected = values.get(axes[axis]) ?? value;
    values.set(axes[axis], expected);
    return expected === value;
  });
}

/** Returns nothing for a setting that has the same value in all cells. */
function describeSetting(
  setting: string,
  settings: ReadonlyMap<LintCell, Readonly<Record<string, unknown>>>,
): DifferingSetting[] {
  const cells = [...settings.keys()];
  const valueOf = new Map([...settings].map(([cell, values]) => [cell, formatSettingValue(values[setting])]));
  if (new Set(valueOf.values()).size < 2) return [];
  const groups = [...Map.groupBy(cells, (cell) => valueOf.get(cell) ?? "")]
    .map(([value, group]) => [value, group.map(({ id }) => id)] as const)
    .sort(([, a], [, b]) => b.length - a.length);
  return [{ setting, groups, axes: listAxisNames(cells).filter((axis) => isDecidedByAxis(axis, valueOf)) }];
}

function listDifferingSettings(cells: readonly LintCell[]): DifferingSetting[] {
  const settings = new Map(cells.map((cell) => [cell, listCellSettings(cell)]));
  const names = new Set([...settings.values()].flatMap(Object.keys));
  const axes = listAxisNames(cells);
  // a setting that is an axis itself is no alias of another one
  return [...names].filter((name) => !axes.includes(name)).flatMap((name) => describeSetting(name, settings));
}

function formatCellCount(count: number): string {
  return count === 1 ? "1 cell" : `${String(count)} cells`;
}

function listAxisNames(cells: readonly LintCell[]): string[] {
  return [...new Set(cells.flatMap(({ axes }) => Object.keys(axes)))];
}

function formatDifference({ setting, groups }: DifferingSetting): string {
  const values = groups.map(([value, ids]) => `${value} in ${formatCellCount(ids.length)}`);
  return `${setting} is ${values.join(", ")}`;
}

/** Lists the cells without the usual value. */
function listUnusualCells({ groups: [, ...others] }: DifferingSetting): string[] {
  return others.flatMap(([, ids]) => ids);
}

/** Joins the settings that differ in the same cells, for the same reason, into one finding. */
function joinDifferences(
  differences: readonly DifferingSetting[],
  explain: (difference: DifferingSetting) => string,
): LintVerdict[] {
  const groups = Map.groupBy(differences, (one) => [explain(one), ...listUnusualCells(one).toSorted()].join());
  return [...groups.values()].map((group) => ({
    cells: group.slice(0, 1).flatMap(listUnusualCells),
    message: `${group.map(formatDifference).join("; ")}: ${group.slice(0, 1).map(explain).join("")}`,
  }));
}

function listUnexplainedDifferences(cells: readonly LintCell[]): LintVerdict[] {
  const names = listAxisNames(cells).join(", ");
  const consequence = "so a comparison along an axis also compares this";
  const explanation = `no single axis (${names}) explains the difference, ${consequence}`;
  return joinDifferences(
    listDifferingSettings(cells).filter(({ axes }) => axes.length === 0),
    () => explanation,
  );
}

function explainAlias({ axes }: DifferingSetting): string {
  const names = axes.join(" and of the ");
  return `an alias of the ${names}, because it differs only with it; a comparison along that axis also compares this`;
}

export const followsAnAxis: LintRule = {
  name: "follows-an-axis",
  severity: "warning",
  check: (cells) =>
    joinDifferences(
      listDifferingSettings(cells).filter(({ axes }) => axes.length > 0),
      explainAlias,
    ),
};

export const unexplainedDifference: LintRule = {
  name: "unexplained-difference",
  severity: "warning",
  check: listUnexplainedDifferences,
};

function hasHeldOutShare({ recipe }: LintCell): boolean {
  return Number(recipe["val_size"] ?? 0) > 0;
}

function listMixedHeldOut(cells: readonly LintCell[]): LintVerdict[] {
  const without = cells.filter((cell) => !hasHeldOutShare(cell));
  if (without.length === 0 || without.length === cells.length) return [];
  const message =
    `val_size holds part of the data out in ${formatCellCount(cells.length - without.length)} ` +
    `and nothing in ${formatCellCount(without.length)}: their training data differ by that part`;
  return [{ cells: without.map(({ id }) => id), message }];
}

export const heldOutInSome: LintRule = { name: "held-out-in-some", severity: "warning", check: listMixedHeldOut };
