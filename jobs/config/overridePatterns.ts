import type { Problem } from "../../validation/problems.ts";
import { isMap } from "../../validation/completeSchemas.ts";
import { formatAllowedWords, listNearestWords } from "../../validation/suggestions.ts";
import type { Cell } from "../matrix/matrixCell.ts";

type Settings = Readonly<Record<string, unknown>>;

/** Overrides as a file has them: by the id of a cell, or by a pattern in which `*` stands for any text. */
type WrittenOverrides<Value = unknown> = Readonly<Record<string, Value>>;

/** An entry of the overrides, and the ids of the cells that it changes. */
interface OverrideEntry {
  readonly key: string;
  readonly settings: Settings;
  readonly ids: ReadonlySet<string>;
}

/** A changed setting, with the path of its value in the file, without the namespace. */
interface ChangedSetting {
  readonly value: unknown;
  readonly path: string;
}

/** The settings of a cell that overrides change. */
export type CellChanges = ReadonlyMap<string, ChangedSetting>;

function isPattern(key: string): boolean {
  return key.includes("*");
}

function buildPatternExpression(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[^A-Za-z0-9]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

/** Lists the ids that a key of the overrides means. */
function selectIds(key: string, ids: readonly string[]): string[] {
  if (!isPattern(key)) return ids.filter((id) => id === key);
  const expression = buildPatternExpression(key);
  return ids.filter((id) => expression.test(id));
}

/** An id is narrower than a pattern, and a pattern than one that matches the same cells and others. */
function isNarrower(one: OverrideEntry, other: OverrideEntry): boolean {
  if (isPattern(one.key) !== isPattern(other.key)) return !isPattern(one.key);
  return one.ids.size < other.ids.size && [...one.ids].every((id) => other.ids.has(id));
}

/** Lists the entries that change a setting of a cell, the narrowest first. */
function listEntriesOf(entries: readonly OverrideEntry[], id: string, setting: string): OverrideEntry[] {
  return entries
    .filter(({ ids, settings }) => ids.has(id) && setting in settings)
    .sort((a, b) => Number(isPattern(a.key)) - Number(isPattern(b.key)) || a.ids.size - b.ids.size);
}

function indexEntries(overrides: WrittenOverrides<Settings>, ids: readonly string[]): OverrideEntry[] {
  return Object.entries(overrides).map(([key, settings]) => ({ key, settings, ids: new Set(selectIds(key, ids)) }));
}

function listSettingsOf(entries: readonly OverrideEntry[], id: string): string[] {
  return [...new Set(entries.filter(({ ids }) => ids.has(id)).flatMap(({ settings }) => Object.keys(settings)))];
}

/** Resolves overrides to the settings that they change in each cell: of several entries the narrowest decides. */
export function resolveOverrides(
  overrides: WrittenOverrides<Settings>,
  cells: readonly Cell[],
): ReadonlyMap<string, CellChanges> {
  const entries = indexEntries(
    overrides,
    cells.map(({ id }) => id),
  );
  return new Map(
    cells.map(({ id }) => {
      const changes = listSettingsOf(entries, id).flatMap((setting): [string, ChangedSetting][] => {
        const [narrowest] = listEntriesOf(entries, id, setting);
        if (narrowest === undefined) return [];
        return [[setting, { value: narrowest.settings[setting], path: `overrides.${narrowest.key}.${setting}` }]];
      });
      return [id, new Map(changes)];
    }),
  );
}

/** Resolves overrides to the settings of each changed cell, by its id. */
export function resolveCellOverrides(
  overrides: WrittenOverrides<Settings>,
  cells: readonly Cell[],
): Record<string, Settings> {
  const changed = [...resolveOverrides(overrides, cells)].filter(([, changes]) => changes.size > 0);
  return Object.fromEntries(
    changed.map(([id, changes]) => [
      id,
      Object.fromEntries([...changes].map(([setting, { value }]) => [setting, value])),
    ]),
  );
}

/** Refuses patterns that give a cell different values of one setting if neither is narrower than the other. */
export function checkPatternConflicts(overrides: WrittenOverrides<Settings>, cells: readonly Cell[]): Problem[] {
  const ids = cells.map(({ id }) => id);
  const entries = indexEntries(overrides, ids);
  const problems = ids.flatMap((id) =>
    listSettingsOf(entries, id).flatMap((setting): Problem[] => {
      const [narrowest, ...others] = listEntriesOf(entries, id, setting);
      if (narrowest === undefined) return [];
      const value = narrowest.settings[setting];
      const rival = others.find((entry) => entry.settings[setting] !== value && !isNarrower(narrowest, entry));
      if (rival === undefined) return [];
      const message =
        `"${rival.key}" gives ${id} another value, ${JSON.stringify(rival.settings[setting])}, and neither pattern ` +
        "is narrower; remove one, or give the cell an entry of its own";
      return [{ rule: "set-twice", path: `overrides.${narrowest.key}.${setting}`, value, message }];
    }),
  );
  return [...new Map(problems.map((problem) => [problem.path, problem])).values()];
}

/** Refuses overrides of a setting that is an axis: an axis gives every cell its value. */
export function checkOverriddenAxes(overrides: WrittenOverrides, axes: readonly string[]): Problem[] {
  return Object.entries(overrides).flatMap(([key, settings]) =>
    axes
      .filter((setting) => isMap(settings) && settings[setting] !== undefined)
      .map((setting) => ({
        rule: "set-twice" as const,
        path: `overrides.${key}.${setting}`,
        value: (settings as Settings)[setting],
        message: `mixcpt:axes.${setting} gives every cell its value of this setting; remove one of the two`,
      })),
  );
}

/** The most ids that a message lists. */
const maxListedIds = 12;

function explainUnmatchedKey(key: string, ids: readonly string[]): string {
  const near = listNearestWords(key.replaceAll("*", ""), ids, maxListedIds);
  if (isPattern(key)) return `matches no cell of this stack; cells near it: ${near.join(", ")}`;
  const variants = ids.some((id) => id.startsWith(`${key}-`)) ? `; for all its cells write "${key}-*"` : "";
  return `not a cell of this stack; ${formatAllowedWords(key, near)}${variants}`;
}

/** Refuses keys of the overrides that change no cell. */
export function checkUnmatchedKeys(overrides: WrittenOverrides, cells: readonly Cell[]): Problem[] {
  const ids = cells.map(({ id }) => id);
  return Object.entries(overrides)
    .filter(([key]) => selectIds(key, ids).length === 0)
    .map(([key, value]) => ({
      rule: "override-outside-the-matrix",
      path: `overrides.${key}`,
      value,
      message: explainUnmatchedKey(key, ids),
    }));
}
