import type { LintCell, Rule, Verdict } from "./rule.ts";

const shown = (value: unknown): string => (value === undefined ? "unset" : JSON.stringify(value));

/** The ids of cells by the value that a setting has in them, most frequent first. */
function byValue(key: string, cells: readonly LintCell[]): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const { id, recipe } of cells) {
    const group = groups.get(shown(recipe[key]));
    if (group === undefined) groups.set(shown(recipe[key]), [id]);
    else group.push(id);
  }
  return [...groups].sort(([, a], [, b]) => b.length - a.length);
}

/** True where cells that agree on this axis agree on the setting. */
function explains(axis: string, key: string, cells: readonly LintCell[]): boolean {
  const values = new Map<string | undefined, string>();
  return cells.every(({ axes, recipe }) => {
    const value = shown(recipe[key]);
    const seen = values.get(axes[axis]) ?? value;
    values.set(axes[axis], seen);
    return seen === value;
  });
}

const counted = (count: number): string => (count === 1 ? "1 cell" : `${String(count)} cells`);

/** A setting that differs with no single axis: the cells that have not its usual value, and how many have which. */
function difference(key: string, cells: readonly LintCell[]): Verdict[] {
  const groups = byValue(key, cells);
  const axes = Object.keys(cells[0]?.axes ?? {});
  if (groups.length < 2 || axes.some((axis) => explains(axis, key, cells))) return [];
  const values = groups.map(([value, ids]) => `${value} in ${counted(ids.length)}`).join(", ");
  return [{ cells: groups.slice(1).flatMap(([, ids]) => ids), message: `${key} is ${values}` }];
}

/** Settings that differ in the same cells are one finding. */
function differences(cells: readonly LintCell[]): Verdict[] {
  const keys = [...new Set(cells.flatMap(({ recipe }) => Object.keys(recipe)))];
  const together = new Map<string, Verdict[]>();
  for (const verdict of keys.flatMap((key) => difference(key, cells))) {
    const ids = verdict.cells.toSorted().join();
    together.set(ids, [...(together.get(ids) ?? []), verdict]);
  }
  return [...together.values()].map((verdicts) => ({
    cells: verdicts[0]?.cells ?? [],
    message: `${verdicts.map(({ message }) => message).join("; ")}: no single axis (${Object.keys(cells[0]?.axes ?? {}).join(", ")}) explains it`,
  }));
}

export const unexplainedDifference: Rule = { name: "unexplained-difference", severity: "warning", check: differences };

const holdsOut = ({ recipe }: LintCell): boolean => Number(recipe["val_size"] ?? 0) > 0;

export const heldOutInSome: Rule = {
  name: "held-out-in-some",
  severity: "warning",
  check: (cells) => {
    const without = cells.filter((cell) => !holdsOut(cell));
    if (without.length === 0 || without.length === cells.length) return [];
    const message = `these ${counted(without.length)} train on all of their data, the other ${String(cells.length - without.length)} hold a part out (val_size): their data differ by that part`;
    return [{ cells: without.map(({ id }) => id), message }];
  },
};
