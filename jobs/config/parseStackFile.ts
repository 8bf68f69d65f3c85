import type { z } from "zod";
import type { Problem } from "../../validation/problems.ts";
import { ConfigError } from "../../validation/problems.ts";
import { listKeysAt } from "../../validation/schemaKeys.ts";
import { formatAllowedWords } from "../../validation/suggestions.ts";
import { translateIssues } from "../../validation/zodProblems.ts";
import type { ProtocolName } from "../matrix/families.ts";
import { studyMatrix } from "../matrix/matrix.ts";
import type { Cell } from "../matrix/matrixCell.ts";
import type { MatrixNames, ParsedFamily } from "./configSchema.ts";
import { buildCorporaSchema, buildFamilySchema } from "./configSchema.ts";
import type { ValidKeys } from "./crossKeyRules.ts";
import { checkCrossKeyRules, listCellsWithRecipe } from "./crossKeyRules.ts";
import { extendMatrix, listAddedRevisions } from "./extendMatrix.ts";
import type { StackConfig, StackFile } from "./stackConfig.ts";

const configNamespace = "mixcpt:";

/** The rules for recipe settings that an override may change. jobs/train provides them. */
export interface RecipeRules {
  /** Schema of every LLaMA-Factory setting of a recipe; each is optional, no other key is allowed. */
  readonly overrideSchema: z.ZodObject;
  /** Lists the settings that may be changed in recipes of a protocol, or of any protocol if it is omitted. */
  readonly listSettingNames: (protocol?: ProtocolName) => readonly string[];
  /** Checks the rules between the settings of a recipe. */
  readonly check: (overridden: OverriddenCell) => Problem[];
}

/** The settings that a stack changes in the recipe of one cell. */
export interface OverriddenCell {
  readonly cell: Cell;
  readonly protocol: ProtocolName;
  readonly changes: Readonly<Record<string, unknown>>;
  /** Path of the changes in the file. */
  readonly path: string;
}

function isConfigMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses each key separately and returns the valid ones, so that the rules between keys are checked even if another key
 * is invalid. Overrides are kept as written: they are checked cell by cell, and an invalid one must not hide others.
 */
function parseValidKeys(schema: z.ZodObject, input: Record<string, unknown>): ValidKeys {
  const entries = Object.entries(schema.shape).flatMap(([key, type]) => {
    const { success, data } = (type as z.ZodType).safeParse(input[key]);
    return success ? [[key, data]] : [];
  });
  const overrides = input["overrides"];
  return { ...Object.fromEntries(entries), ...(isConfigMap(overrides) && { overrides }) } as ValidKeys;
}

function stripNamespace(values: StackFile["values"]) {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key.startsWith(configNamespace) ? key.slice(configNamespace.length) : key,
      value,
    ]),
  );
}

/** Drops the keys of other programs, like `kubernetes:context`. */
function selectProjectKeys(values: StackFile["values"]) {
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => key.startsWith(configNamespace) || !key.includes(":")),
  );
}

function addNamespace(problem: Problem): Problem {
  return { ...problem, path: problem.path.startsWith(configNamespace) ? problem.path : configNamespace + problem.path };
}

/** Sorts problems by the order of the schema's keys, with unknown keys last. */
function sortByKeyOrder(keys: readonly string[], problems: readonly Problem[]): Problem[] {
  const rankProblem = ({ path }: Problem): number =>
    (keys.indexOf(path.split(/[.[]/)[0] ?? "") + keys.length + 1) % (keys.length + 1);
  return [...problems].sort((a, b) => rankProblem(a) - rankProblem(b));
}

/** Checks the overridden recipe of each cell of the stack separately. */
function checkOverriddenRecipes(validKeys: ValidKeys, { overrideSchema, check }: RecipeRules): Problem[] {
  const { protocol, overrides = {} } = validKeys;
  if (protocol === undefined) return [];
  return listCellsWithRecipe(validKeys).flatMap((cell) => {
    const { success, data } = overrideSchema.safeParse(overrides[cell.id]);
    return success ? check({ cell, protocol, changes: data, path: `${configNamespace}overrides.${cell.id}` }) : [];
  });
}

/** Collects the problems of single keys, those between keys, and those of recipes. */
function collectProblems(schema: z.ZodObject, input: Record<string, unknown>, recipes?: RecipeRules): Problem[] {
  const { error } = schema.safeParse(input);
  const validKeys = parseValidKeys(schema, input);
  const keyProblems = translateIssues(error?.issues ?? [], {
    input,
    listAllowedKeys: (path) =>
      path[0] === "overrides" ? (recipes?.listSettingNames(validKeys.protocol) ?? []) : listKeysAt(schema, input, path),
  });
  const recipeProblems = recipes === undefined ? [] : checkOverriddenRecipes(validKeys, recipes);
  const problems = [...keyProblems, ...checkCrossKeyRules(validKeys), ...recipeProblems];
  return sortByKeyOrder(Object.keys(schema.shape), problems).map(addNamespace);
}

interface ConfigInput {
  readonly file: string;
  readonly input: Record<string, unknown>;
}

/** @throws ConfigError with every problem of the input */
function parseOrThrow<Schema extends z.ZodObject>(
  schema: Schema,
  { file, input }: ConfigInput,
  recipes?: RecipeRules,
): z.output<Schema> {
  const problems = collectProblems(schema, input, recipes);
  const result = schema.safeParse(input);
  if (!result.success || problems.length > 0) throw new ConfigError(file, problems);
  return result.data;
}

type ParsedCommonKeys = Pick<ParsedFamily, "axes" | "families" | "mixtures" | "categories" | "revisions">;

/** Resolves the common keys of a parsed file: the additions extend the matrix, and their revisions are added. */
function resolveCommonConfig<Parsed extends ParsedCommonKeys>({
  axes,
  families,
  mixtures,
  categories,
  revisions,
  ...rest
}: Parsed) {
  return {
    ...rest,
    matrix: extendMatrix({ families, mixtures, categories }),
    axes,
    revisions: { ...listAddedRevisions({ families }), ...revisions },
  };
}

/** Collects the names of the study's matrix and those that the stack adds, valid or not. */
function collectMatrixNames(input: Record<string, unknown>): MatrixNames {
  const listAxisNames = (key: keyof MatrixNames): string[] => [
    ...new Set([...Object.keys(studyMatrix[key]), ...Object.keys(input[key] ?? {})]),
  ];
  return {
    families: listAxisNames("families"),
    mixtures: listAxisNames("mixtures"),
    categories: listAxisNames("categories"),
  };
}

/**
 * Parses and checks the configuration of a stack.
 * @throws ConfigError with every problem of the file
 */
export function parseStackFile({ stack, file, values }: StackFile, recipes: RecipeRules): StackConfig {
  const input = stripNamespace(selectProjectKeys(values));
  const names = collectMatrixNames(input);
  const kind = input["kind"] ?? "family";
  if (kind === "corpora")
    return { stack, ...resolveCommonConfig(parseOrThrow(buildCorporaSchema(names), { file, input })) };
  if (kind === "family") {
    const schema = buildFamilySchema(recipes.overrideSchema, names);
    return { stack, ...resolveCommonConfig(parseOrThrow(schema, { file, input }, recipes)) };
  }
  const message = `not a valid value; ${formatAllowedWords(kind, ["family", "corpora"])}`;
  throw new ConfigError(file, [{ rule: "not-allowed", path: `${configNamespace}kind`, value: kind, message }]);
}
