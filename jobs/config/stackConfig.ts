import type { z } from "zod";
import type { GpuModel } from "../hardware/gpuCatalog.ts";
import type { BenchmarkChanges } from "./benchmarksSchema.ts";
import type { Cell, MatrixAxes } from "../matrix/matrixCell.ts";
import { listFamilyCells } from "../matrix/matrixCell.ts";
import type { MatrixNames, ParsedFamily } from "./configSchema.ts";
import { buildCorporaSchema, buildFamilySchema } from "./configSchema.ts";
import type { ValidKeys } from "./crossKeyRules.ts";
import { listCellsWithRecipe, checkCrossKeyRules } from "./crossKeyRules.ts";
import { extendMatrix, listAddedRevisions } from "./extendMatrix.ts";
import type { Family, ProtocolName } from "../matrix/families.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { requireEntry, studyMatrix } from "../matrix/matrix.ts";
import type { Problem } from "../../validation/problems.ts";
import { ConfigError, formatAllowedWords } from "../../validation/problems.ts";
import { listKeysAt } from "../../validation/schemaKeys.ts";
import { translateIssues } from "../../validation/zodProblems.ts";

/** GPUs of one cell. */
export interface CellHardware {
  readonly gpu: GpuModel;
  readonly nodesPerCell: number;
  readonly devicesPerNode: number;
}

/** What every stack of this project says. */
export interface CommonConfig {
  /** Name of the stack, for labels. */
  readonly stack: string;
  /** The study's axes, with what the stack adds to them. */
  readonly matrix: Matrix;
  readonly axes: MatrixAxes;
  /** Stack of the project `mixcpt-infra` on which this one runs. */
  readonly cluster: string;
  /** Name of a Secret with the key HF_TOKEN, for models and data whose owners let nobody in unnamed. */
  readonly tokenSecret?: string;
  /** Commits by repository of the Hugging Face hub. */
  readonly revisions: Readonly<Record<string, string | undefined>>;
}

/** The configuration of the stack that makes what families share, checked. */
export interface CorporaConfig extends CommonConfig {
  readonly kind: "corpora";
}

/** The configuration of a family's stack, checked. */
export interface FamilyConfig extends CommonConfig {
  readonly kind: "family";
  /** Name of a family of the matrix. */
  readonly family: string;
  readonly protocol: ProtocolName;
  readonly hardware: CellHardware;
  /** LLaMA-Factory settings by cell id, laid over the protocol's recipe. */
  readonly overrides: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** LocalQueue in which the pods that hold GPUs wait. */
  readonly queue: string;
  readonly price?: Price;
  /** Tokens of a training sequence; the protocol's own where it is left out. */
  readonly sequenceLength?: number;
  /** What is asked otherwise than the study asked. */
  readonly benchmarks: BenchmarkChanges;
}

export interface Price {
  /** Of one GPU module for an hour. */
  readonly perGpuHour: number;
  /** ISO 4217: EUR */
  readonly currency: string;
}

export interface StackFile {
  readonly stack: string;
  /** Shown in messages: `Pulumi.dev.yaml`. */
  readonly file: string;
  /** The map `config` of the file: keys `mixcpt:family` and so on. */
  readonly values: Readonly<Record<string, unknown>>;
}

const configNamespace = "mixcpt:";

/** What the training step knows of the settings that an override may change. */
export interface RecipeRules {
  /** Every LLaMA-Factory setting of a recipe, each optional, no other key. */
  readonly overrideSchema: z.ZodObject;
  /** Names of the settings that may be changed in recipes of a protocol, or in any. */
  readonly listSettingNames: (protocol?: ProtocolName) => readonly string[];
  /** Rules between the settings of a recipe. */
  readonly check: (overridden: OverriddenCell) => Problem[];
}

/** The settings that a stack changes in one cell's recipe. */
export interface OverriddenCell {
  readonly cell: Cell;
  readonly protocol: ProtocolName;
  readonly changes: Readonly<Record<string, unknown>>;
  /** Where they stand in the file. */
  readonly path: string;
}

function isConfigMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The keys that are right by themselves, so that rules between keys speak even where another key is wrong. Overrides
 * are judged cell by cell: one that is wrong hides no other.
 */
function parseValidKeys(schema: z.ZodObject, input: Record<string, unknown>): ValidKeys {
  const sound = Object.entries(schema.shape).flatMap(([key, type]) => {
    const { success, data } = (type as z.ZodType).safeParse(input[key]);
    return success ? [[key, data]] : [];
  });
  const overrides = input["overrides"];
  return { ...Object.fromEntries(sound), ...(isConfigMap(overrides) && { overrides }) } as ValidKeys;
}

function stripNamespace(values: StackFile["values"]) {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key.startsWith(configNamespace) ? key.slice(configNamespace.length) : key,
      value,
    ]),
  );
}

/** Keys of other programs, like `kubernetes:context`, are none of ours. */
function selectProjectKeys(values: StackFile["values"]) {
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => key.startsWith(configNamespace) || !key.includes(":")),
  );
}

function addNamespace(problem: Problem): Problem {
  return { ...problem, path: problem.path.startsWith(configNamespace) ? problem.path : configNamespace + problem.path };
}

interface ConfigInput {
  readonly stack: string;
  readonly file: string;
  readonly input: Record<string, unknown>;
}

/** As a reader goes through the file; keys that nobody knows last. */
function sortByKeyOrder(keys: readonly string[], problems: readonly Problem[]): Problem[] {
  const rankProblem = ({ path }: Problem): number =>
    (keys.indexOf(path.split(/[.[]/)[0] ?? "") + keys.length + 1) % (keys.length + 1);
  return [...problems].sort((a, b) => rankProblem(a) - rankProblem(b));
}

/** What the overrides of cells that there are do to their recipes, each cell by itself. */
function checkOverriddenRecipes(sound: ValidKeys, { overrideSchema: keys, check }: RecipeRules): Problem[] {
  const { protocol, overrides = {} } = sound;
  if (protocol === undefined) return [];
  return listCellsWithRecipe(sound).flatMap((cell) => {
    const { success, data } = keys.safeParse(overrides[cell.id]);
    return success ? check({ cell, protocol, changes: data, path: `${configNamespace}overrides.${cell.id}` }) : [];
  });
}

/** Problems of single keys, in this project's words, those between keys, and those of recipes. */
function collectProblems(schema: z.ZodObject, input: Record<string, unknown>, recipes?: RecipeRules): Problem[] {
  const { error } = schema.safeParse(input);
  const sound = parseValidKeys(schema, input);
  const single = translateIssues(error?.issues ?? [], {
    input,
    listAllowedKeys: (path) =>
      path[0] === "overrides" ? (recipes?.listSettingNames(sound.protocol) ?? []) : listKeysAt(schema, input, path),
  });
  const ofRecipes = recipes === undefined ? [] : checkOverriddenRecipes(sound, recipes);
  return sortByKeyOrder(Object.keys(schema.shape), [...single, ...checkCrossKeyRules(sound), ...ofRecipes]).map(
    addNamespace,
  );
}

type ParsedCommonKeys = Pick<ParsedFamily, "axes" | "families" | "mixtures" | "categories" | "revisions">;

/** What all stacks have, once the names in it are known to be right. */
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

/** Names that the study has, and those under which the stack adds something, right or wrong. */
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

function parseCorporaInput({ stack, file, input }: ConfigInput): CorporaConfig {
  const schema = buildCorporaSchema(collectMatrixNames(input));
  const problems = collectProblems(schema, input);
  const result = schema.safeParse(input);
  if (!result.success || problems.length > 0) throw new ConfigError(file, problems);
  return { stack, ...resolveCommonConfig(result.data) };
}

function parseFamilyInput({ stack, file, input }: ConfigInput, recipes: RecipeRules): FamilyConfig {
  const schema = buildFamilySchema(recipes.overrideSchema, collectMatrixNames(input));
  const problems = collectProblems(schema, input, recipes);
  const result = schema.safeParse(input);
  if (!result.success || problems.length > 0) throw new ConfigError(file, problems);
  return { stack, ...resolveCommonConfig(result.data) };
}

/**
 * Checks the configuration of a stack.
 * @throws ConfigError with every problem of the file.
 */
export function parseStackFile({ stack, file, values }: StackFile, recipes: RecipeRules): FamilyConfig | CorporaConfig {
  const input = stripNamespace(selectProjectKeys(values));
  const kind = input["kind"] ?? "family";
  if (kind === "corpora") return parseCorporaInput({ stack, file, input });
  if (kind === "family") return parseFamilyInput({ stack, file, input }, recipes);
  const message = formatAllowedWords(kind, ["family", "corpora"]);
  throw new ConfigError(file, [{ rule: "not-allowed", path: `${configNamespace}kind`, value: kind, message }]);
}

/** The cells of a stack, the largest mixtures first. */
export function listStackCells({ family, axes, matrix }: Pick<FamilyConfig, "family" | "axes" | "matrix">): Cell[] {
  return listFamilyCells(family, axes, matrix);
}

/** The mixtures of a stack of corpora, each as a cell of some family shows it. */
export function listStackMixtures({ axes, matrix }: Pick<CorporaConfig, "axes" | "matrix">): Cell[] {
  return listFamilyCells("tiny", axes, matrix);
}

export function getStackFamily({ family, matrix }: Pick<FamilyConfig, "family" | "matrix">): Family {
  return requireEntry(matrix.families, family);
}
