import type { z } from "zod";
import type { Problem } from "../../validation/problems.ts";
import { isMap, omitInvalidFields } from "../../validation/completeSchemas.ts";
import { formatAllowedWords } from "../../validation/suggestions.ts";
import type { AxisValue } from "../matrix/axisSettings.ts";
import { isAxisSetting } from "../matrix/axisSettings.ts";
import type { ProtocolName } from "../matrix/families.ts";
import type { Cell } from "../matrix/matrixCell.ts";
import type { ValidKeys } from "./crossKeyRules.ts";
import { listCellsWithRecipe } from "./crossKeyRules.ts";
import type { CellChanges } from "./overridePatterns.ts";
import { checkPatternConflicts, resolveOverrides } from "./overridePatterns.ts";

/** The rules for recipe settings that an override or an axis may change. jobs/train provides them. */
export interface RecipeRules {
  /** Schema of every LLaMA-Factory setting of a recipe; each is optional, no other key is allowed. */
  readonly overrideSchema: z.ZodObject;
  /** Schemas of the settings as axes: lists of values, and refusals of those that cannot be an axis. */
  readonly axisSchemas: Readonly<Record<string, z.ZodType<readonly AxisValue[] | undefined>>>;
  /** Lists the settings that may be changed in recipes of a protocol, or of any protocol if it is omitted. */
  readonly listSettingNames: (protocol?: ProtocolName) => readonly string[];
  /** Checks the rules between the settings of a recipe. Paths are those within the recipe. */
  readonly check: (changed: ChangedCell) => Problem[];
}

/** The settings that a stack changes in the recipe of one cell. */
export interface ChangedCell {
  readonly cell: Cell;
  readonly protocol: ProtocolName;
  readonly changes: Readonly<Record<string, unknown>>;
}

/** Parses the valid entries of a map, so that an invalid one hides no problem of another. */
export function parseValidEntries(type: z.ZodType, value: unknown): unknown {
  const { error } = type.safeParse(value);
  return isMap(value) && error !== undefined ? type.safeParse(omitInvalidFields(value, error.issues)).data : undefined;
}

/** Parses the overrides of each key, without settings that are invalid. */
function parseOverrides({ overrides = {} }: ValidKeys, { overrideSchema }: RecipeRules) {
  return Object.fromEntries(
    Object.entries(overrides).flatMap(([key, written]) => {
      const settings = overrideSchema.safeParse(written).data ?? parseValidEntries(overrideSchema, written);
      return isMap(settings) ? [[key, settings]] : [];
    }),
  );
}

/** Refuses axes that are settings of another protocol's recipes. */
function checkForeignAxes({ protocol, validNames }: ValidKeys, { listSettingNames }: RecipeRules): Problem[] {
  const allowed: readonly string[] = listSettingNames(protocol).filter(isAxisSetting);
  return Object.entries(validNames.settings ?? {})
    .filter(([setting]) => !allowed.includes(setting))
    .map(([setting, value]) => {
      const message = `no setting of the protocol ${protocol ?? ""}; ${formatAllowedWords(setting, allowed)}`;
      return { rule: "unknown-key", path: `axes.${setting}`, value, message };
    });
}

/** Adds the values on a cell's axes to the settings that overrides change in it. */
function addAxisValues({ axisValues }: Cell, overridden: CellChanges, settings: readonly string[]): CellChanges {
  const values = Object.entries(axisValues)
    .filter(([setting]) => settings.includes(setting))
    .map(([setting, value]) => [setting, { value, path: `axes.${setting}` }] as const);
  return new Map([...overridden, ...values]);
}

/** Replaces the name of a setting, with which a path within a recipe begins, by its path in the file. */
function locateProblem(problem: Problem, changes: CellChanges): Problem {
  const [setting = ""] = problem.path.split(/[.[]/);
  const [first] = changes.values();
  const fallback = first?.path.replace(/[^.]*$/, setting) ?? `overrides.${setting}`;
  return { ...problem, path: (changes.get(setting)?.path ?? fallback) + problem.path.slice(setting.length) };
}

/** Checks the recipe of a cell, unless it is its protocol's. */
function checkChangedCell(
  cell: Cell,
  changes: CellChanges,
  { protocol, check }: { readonly protocol: ProtocolName | undefined; readonly check: RecipeRules["check"] },
): Problem[] {
  if (protocol === undefined || changes.size === 0) return [];
  const values = Object.fromEntries([...changes].map(([setting, { value }]) => [setting, value]));
  return check({ cell, protocol, changes: values }).map((problem) => locateProblem(problem, changes));
}

/** Checks the changed recipe of each cell of the stack; a problem of several cells is reported once. */
export function checkChangedRecipes(validKeys: ValidKeys, rules: RecipeRules): Problem[] {
  const cells = listCellsWithRecipe(validKeys);
  const overrides = parseOverrides(validKeys, rules);
  const resolved = resolveOverrides(overrides, cells);
  const { protocol } = validKeys;
  const { listSettingNames, check } = rules;
  const problems = cells.flatMap((cell) => {
    const changes = addAxisValues(cell, resolved.get(cell.id) ?? new Map(), listSettingNames(protocol));
    return checkChangedCell(cell, changes, { protocol, check });
  });
  const distinct = new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem]));
  return [...checkForeignAxes(validKeys, rules), ...checkPatternConflicts(overrides, cells), ...distinct.values()];
}
