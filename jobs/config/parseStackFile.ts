import type { z } from "zod";
import type { Problem } from "../../validation/problems.ts";
import { ConfigError } from "../../validation/problems.ts";
import { isMap } from "../../validation/completeSchemas.ts";
import { listKeysAt } from "../../validation/schemaKeys.ts";
import { findNearestWord, formatAllowedWords } from "../../validation/suggestions.ts";
import { translateIssues } from "../../validation/zodProblems.ts";
import type { AxisValue } from "../matrix/axisSettings.ts";
import { isAxisSetting } from "../matrix/axisSettings.ts";
import type { Cell, MatrixAxes } from "../matrix/matrixCell.ts";
import { listFamilyCells } from "../matrix/matrixCell.ts";
import type { MatrixNames, ParsedFamily } from "./configSchema.ts";
import { buildCorporaSchema, buildFamilySchema } from "./configSchema.ts";
import type { CorporaLink } from "./corporaLink.ts";
import {
  addNamespace,
  checkReaderNames,
  followCorporaLink,
  listReaderFiles,
  selectProjectKeys,
} from "./corporaLink.ts";
import type { ValidKeys } from "./crossKeyRules.ts";
import { checkCrossKeyRules } from "./crossKeyRules.ts";
import { buildEvaluationSchema } from "./evaluationSchema.ts";
import { extendMatrix, listAddedRevisions } from "./extendMatrix.ts";
import { resolveCellOverrides } from "./overridePatterns.ts";
import { collectMatrixNames } from "./matrixNames.ts";
import type { RecipeRules } from "./recipeRules.ts";
import { checkChangedRecipes, parseValidEntries } from "./recipeRules.ts";
import type { CorporaConfig, FamilyConfig, StackConfig, StackFile } from "./stackConfig.ts";
import { listStackCells } from "./stackConfig.ts";

interface ConfigInput {
  readonly file: string;
  /** The keys without their namespace. A kind that does not exist is replaced by the one that was probably meant. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Problems of the kind and of the corpora stack that the file names. */
  readonly earlyProblems: readonly Problem[];
  readonly locate: CorporaLink["locate"];
  readonly names: Required<MatrixNames>;
}

/**
 * Parses the axes that are settings of recipes, without invalid values and without axes that have no valid ones. There
 * are none in a kind of stack that lacks the key.
 */
function parseValidSettings(schema: z.ZodObject, axes: unknown): MatrixAxes["settings"] {
  const type = schema.shape["axes"] as z.ZodType | undefined;
  const parseValues = (setting: string, values: readonly unknown[]): unknown =>
    type?.safeParse({ [setting]: values }).data;
  return Object.fromEntries(
    Object.entries(isMap(axes) ? axes : {}).flatMap(([setting, values]) => {
      if (!isAxisSetting(setting) || !Array.isArray(values)) return [];
      const valid = [...new Set(values)].filter((value) => parseValues(setting, [value]) !== undefined);
      return valid.length === 0 ? [] : [[setting, valid]];
    }),
  );
}

/** Selects the names on the axes that the matrix has. An axis that is not a list has none, an omitted one has all. */
function selectValidNames(axes: unknown, names: Required<MatrixNames>): MatrixAxes {
  const selectNames = (axis: "data" | "categories", key: "mixtures" | "categories"): string[] => {
    const { [axis]: list = names.own[key] } = isMap(axes) ? axes : {};
    return Array.isArray(list) ? names[key].filter((name) => list.includes(name)) : [];
  };
  return { data: selectNames("data", "mixtures"), categories: selectNames("categories", "categories") };
}

const matrixAxisNames = ["data", "categories"];

const keysWithEntries: readonly string[] = ["families", "sources", "mixtures", "categories", "models"];

/**
 * Parses each key separately and returns the valid ones, so that the rules between keys are checked even if another key
 * is invalid. Overrides are kept as written: they are checked cell by cell, and an invalid one must not hide others.
 */
function parseValidKeys(schema: z.ZodObject, { input, names }: Pick<ConfigInput, "input" | "names">): ValidKeys {
  const entries = Object.entries(schema.shape).flatMap(([key, type]) => {
    const { success, data } = (type as z.ZodType).safeParse(input[key]);
    if (success) return [[key, data]];
    return keysWithEntries.includes(key) ? [[key, parseValidEntries(type as z.ZodType, input[key])]] : [];
  });
  const overrides = input["overrides"];
  const axes = input["axes"];
  const validNames = { ...selectValidNames(axes, names), settings: parseValidSettings(schema, axes) };
  const sourceNames = Object.keys(isMap(input["sources"]) ? input["sources"] : {});
  const writtenMixtures = isMap(input["mixtures"]) ? input["mixtures"] : {};
  return {
    ...Object.fromEntries(entries),
    ...(isMap(overrides) && { overrides }),
    validNames,
    sourceNames,
    writtenMixtures,
  } as ValidKeys;
}

/** Sorts problems by the order of the schema's keys, with unknown keys last. */
function sortByKeyOrder(keys: readonly string[], problems: readonly Problem[]): Problem[] {
  const rankProblem = ({ path }: Problem): number =>
    (keys.indexOf(path.split(/[.[]/)[0] ?? "") + keys.length + 1) % (keys.length + 1);
  return [...problems].sort((a, b) => rankProblem(a) - rankProblem(b));
}

/** Lists the keys that a map of the file may have. Of the settings of recipes, they are those of the protocol. */
function listAllowedKeys(
  path: readonly PropertyKey[],
  { schema, input, settings }: { schema: z.ZodObject; input: unknown; settings: readonly string[] | undefined },
): readonly string[] {
  const [key] = path;
  if (settings === undefined || (key !== "overrides" && key !== "axes")) return listKeysAt(schema, input, path);
  return key === "overrides" ? settings : [...matrixAxisNames, ...settings.filter(isAxisSetting)];
}

/** Collects the problems of single keys, those between keys, and those of recipes. */
function collectProblems(schema: z.ZodObject, config: ConfigInput, recipes?: RecipeRules): Problem[] {
  const { input, earlyProblems, locate } = config;
  const { error } = schema.safeParse(input);
  const validKeys = parseValidKeys(schema, config);
  const keyProblems = translateIssues(error?.issues ?? [], {
    input,
    listAllowedKeys: (path) =>
      listAllowedKeys(path, { schema, input, settings: recipes?.listSettingNames(validKeys.protocol) }),
  });
  const recipeProblems = recipes === undefined ? [] : checkChangedRecipes(validKeys, recipes);
  const problems = [...earlyProblems, ...keyProblems, ...checkCrossKeyRules(validKeys), ...recipeProblems];
  return sortByKeyOrder(Object.keys(schema.shape), problems).map((problem) => addNamespace(locate(problem)));
}

/** @throws ConfigError with every problem of the input */
function parseOrThrow<Schema extends z.ZodObject>(
  schema: Schema,
  config: ConfigInput,
  recipes?: RecipeRules,
): z.output<Schema> {
  const problems = collectProblems(schema, config, recipes);
  const result = schema.safeParse(config.input);
  if (!result.success || problems.length > 0) throw new ConfigError(config.file, problems);
  return result.data;
}

type ParsedCommonKeys = Pick<ParsedFamily, "families" | "sources" | "mixtures" | "categories" | "revisions">;

/** Separates the axes of the matrix from settings of recipes, which a corpora stack does not have. */
function splitAxes({ data, categories, ...settings }: ParsedFamily["axes"]): MatrixAxes {
  const given = Object.entries(settings).flatMap(([setting, values]) =>
    values === undefined ? [] : [[setting, values as readonly AxisValue[]] as const],
  );
  return given.length === 0 ? { data, categories } : { data, categories, settings: Object.fromEntries(given) };
}

/** Resolves the common keys of a parsed file: the additions extend the matrix, and their revisions are added. */
function resolveCommonConfig<Parsed extends ParsedCommonKeys>({
  families,
  sources,
  mixtures,
  categories,
  revisions,
  ...rest
}: Parsed) {
  return {
    ...rest,
    matrix: extendMatrix({ families, sources, mixtures, categories }),
    revisions: { ...listAddedRevisions({ families }), ...revisions },
  };
}

const stackKinds = ["family", "corpora", "evaluation"] as const;

/** Returns the kind of stack that a file states or probably means, and the problem if it states no existing one. */
function readStackKind(kind: unknown = "family"): { kind: string; kindProblems: Problem[] } {
  const nearest = findNearestWord(String(kind), stackKinds) ?? "family";
  if (kind === nearest) return { kind: nearest, kindProblems: [] };
  const message = `not a valid value; ${formatAllowedWords(kind, stackKinds)}`;
  return { kind: nearest, kindProblems: [{ rule: "not-allowed", path: "kind", value: kind, message }] };
}

/** Parses the stacks that name a corpora stack, and lists the mixtures that their cells read. */
function listRequestedMixtures(readers: readonly StackFile[], recipes: RecipeRules): Cell[] {
  const configs = readers.map((reader) => parseStackFile(reader, recipes));
  return configs.flatMap((config) =>
    config.kind === "family"
      ? listFamilyCells("tiny", { data: config.axes.data, categories: config.axes.categories }, config.matrix)
      : [],
  );
}

type CorporaKeys = Omit<CorporaConfig, "requested">;

/**
 * Parses the file of a corpora stack. If stacks name it, it makes what they read of its additions, so an omitted axis
 * has the names of the study only.
 */
function parseCorporaKeys({ stack, file, values }: StackFile, readers: readonly StackFile[]): CorporaKeys {
  const written = selectProjectKeys(values);
  const { kind, kindProblems } = readStackKind(written["kind"]);
  const input = { ...written, kind };
  const config: ConfigInput = {
    file,
    input,
    earlyProblems: [...kindProblems, ...checkReaderNames(readers)],
    locate: (problem) => problem,
    names: collectMatrixNames(input, readers.length > 0 ? {} : input),
  };
  return { stack, ...resolveCommonConfig(parseOrThrow(buildCorporaSchema(config.names), config)) };
}

function parseCorpora(stackFile: StackFile, recipes: RecipeRules): CorporaConfig {
  const readers = listReaderFiles(stackFile);
  const keys = parseCorporaKeys(stackFile, readers);
  return { ...keys, requested: listRequestedMixtures(readers, recipes) };
}

function parseFamily({ stack }: StackFile, config: ConfigInput, recipes: RecipeRules): FamilyConfig {
  const schema = buildFamilySchema(recipes, config.names);
  const { overrides, axes, ...family } = { stack, ...resolveCommonConfig(parseOrThrow(schema, config, recipes)) };
  const resolved = { ...family, axes: splitAxes(axes) };
  return { ...resolved, overrides: resolveCellOverrides(overrides, listStackCells(resolved)) };
}

/**
 * Parses and checks the configuration of a stack, with the stacks of the checkout that make its text or read it.
 * @throws ConfigError with every problem of the file, or of the first of these other files that has one
 */
export function parseStackFile(stackFile: StackFile, recipes: RecipeRules): StackConfig {
  const { stack, file, values, listOthers } = stackFile;
  const written = selectProjectKeys(values);
  const { kind, kindProblems } = readStackKind(written["kind"]);
  if (kind === "corpora") return parseCorpora(stackFile, recipes);
  const link = followCorporaLink({ ...written, kind }, listOthers, (corpora) => parseCorporaKeys(corpora, [stackFile]));
  const config: ConfigInput = {
    file,
    input: link.values,
    earlyProblems: [...kindProblems, ...link.problems],
    locate: link.locate,
    names: collectMatrixNames(link.values, written),
  };
  if (kind === "evaluation")
    return { stack, ...resolveCommonConfig(parseOrThrow(buildEvaluationSchema(config.names), config)) };
  return parseFamily(stackFile, config, recipes);
}
