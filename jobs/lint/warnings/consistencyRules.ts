import type { LintCell, LintRule, LintVerdict } from "./lintRule.ts";

function formatSettingValue(value: unknown): string {
  return value === undefined ? "unset" : JSON.stringify(value);
}

/** The ids of cells by the value that a setting has in them, most frequent first. */
function groupCellsByValue(key: string, cells: readonly LintCell[]): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const { id, recipe } of cells) {
    const group = groups.get(formatSettingValue(recipe[key]));
    if (group === undefined) groups.set(formatSettingValue(recipe[key]), [id]);
    else group.push(id);
  }
  return [...groups].sort(([, a], [, b]) => b.length - a.length);
}

/** True where cells that agree on this axis agree on the setting. */
function isExplainedByAxis(axis: string, key: string, cells: readonly LintCell[]): boolean {
  const values = new Map<string | undefined, string>();
  return cells.every(({ axes, recipe }) => {
    const value = formatSettingValue(recipe[key]);
    const seen = values.get(axes[axis]) ?? value;
    values.set(axes[axis], seen);
    return seen === value;
  });
}

function formatCellCount(count: number): string {
  return count === 1 ? "1 cell" : `${String(count)} cells`;
}

/** A setting that differs with no single axis: the cells that have not its usual value, and how many have which. */
function findUnexplainedDifference(key: string, cells: readonly LintCell[]): LintVerdict[] {
  const groups = groupCellsByValue(key, cells);
  const axes = Object.keys(cells[0]?.axes ?? {});
  if (groups.length < 2 || axes.some((axis) => isExplainedByAxis(axis, key, cells))) return [];
  const values = groups.map(([value, ids]) => `${value} in ${formatCellCount(ids.length)}`).join(", ");
  return [{ cells: groups.slice(1).flatMap(([, ids]) => ids), message: `${key} is ${values}` }];
}

/** Settings that differ in the same cells are one finding. */
function listUnexplainedDifferences(cells: readonly LintCell[]): LintVerdict[] {
  const keys = [...new Set(cells.flatMap(({ recipe }) => Object.keys(recipe)))];
  const together = new Map<string, LintVerdict[]>();
  for (const verdict of keys.flatMap((key) => findUnexplainedDifference(key, cells))) {
    const ids = verdict.cells.toSorted().join();
    together.set(ids, [...(together.get(ids) ?? []), verdict]);
  }
  return [...together.values()].map((verdicts) => ({
    cells: verdicts[0]?.cells ?? [],
    message: `${verdicts.map(({ message }) => message).join("; ")}: no single axis (${Object.keys(cells[0]?.axes ?? {}).join(", ")}) explains it`,
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

export const heldOutInSome: LintRule = {
  name: "held-out-in-some",
  severity: "warning",
  check: (cells) => {
    const without = cells.filter((cell) => !hasHeldOutShare(cell));
    if (without.length === 0 || without.length === cells.length) return [];
    const message = `these ${formatCellCount(without.length)} train on all of their data, the other ${String(cells.length - without.length)} hold a part out (val_size): their data differ by that part`;
    return [{ cells: without.map(({ id }) => id), message }];
  },
};
