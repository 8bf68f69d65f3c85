import type { LintCell, LintRule, LintVerdict } from "./lintRule.ts";

function formatSettingValue(value: unknown): string {
  return value === undefined ? "unset" : JSON.stringify(value);
}

/** Groups the ids of cells by the value of a setting, most frequent first. */
function groupCellsByValue(key: string, cells: readonly LintCell[]): [string, string[]][] {
  const groups = Map.groupBy(cells, ({ recipe }) => formatSettingValue(recipe[key]));
  return [...groups]
    .map(([value, group]): [string, string[]] => [value, group.map(({ id }) => id)])
    .sort(([, a], [, b]) => b.length - a.length);
}

/** True if cells with the same position on this axis have the same value of the setting. */
function isExplainedByAxis(axis: string, key: string, cells: readonly LintCell[]): boolean {
  const values = new Map<string | undefined, string>();
  return cells.every(({ axes, recipe }) => {
    const value = formatSettingValue(recipe[key]);
    const expected = values.get(axes[axis]) ?? value;
    values.set(axes[axis], expected);
    return expected === value;
  });
}

function formatCellCount(count: number): string {
  return count === 1 ? "1 cell" : `${String(count)} cells`;
}

function listAxisNames(cells: readonly LintCell[]): string[] {
  return Object.keys(cells[0]?.axes ?? {});
}

/** Finds the cells without the usual value of a setting, if no single axis decides its value. */
function findUnexplainedDifference(key: string, cells: readonly LintCell[]): LintVerdict[] {
  const groups = groupCellsByValue(key, cells);
  if (groups.length < 2 || listAxisNames(cells).some((axis) => isExplainedByAxis(axis, key, cells))) return [];
  const values = groups.map(([value, ids]) => `${value} in ${formatCellCount(ids.length)}`).join(", ");
  return [{ cells: groups.slice(1).flatMap(([, ids]) => ids), message: `${key} is ${values}` }];
}

/** Joins the settings that differ in the same cells into one finding. */
function listUnexplainedDifferences(cells: readonly LintCell[]): LintVerdict[] {
  const keys = [...new Set(cells.flatMap(({ recipe }) => Object.keys(recipe)))];
  const differences = keys.flatMap((key) => findUnexplainedDifference(key, cells));
  const groups = Map.groupBy(differences, (verdict) => verdict.cells.toSorted().join());
  const axes = listAxisNames(cells).join(", ");
  return [...groups.values()].map((verdicts) => ({
    cells: verdicts[0]?.cells ?? [],
    message:
      `${verdicts.map(({ message }) => message).join("; ")}: no single axis (${axes}) explains the difference, ` +
      "so a comparison along an axis also compares this",
  }));
}

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
