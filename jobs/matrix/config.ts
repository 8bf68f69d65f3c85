import type { z } from "zod";
import type { GpuModel } from "../hardware/catalogue.ts";
import type { BenchmarkChanges } from "./benchmarksSchema.ts";
import type { AnyCell, Axes } from "./cell.ts";
import { cellsOf } from "./cell.ts";
import type { Names, ParsedFamily } from "./configSchema.ts";
import { corporaSchema, familySchema } from "./configSchema.ts";
import type { Sound } from "./crossRules.ts";
import { cellsWithRecipe, crossProblems } from "./crossRules.ts";
import { extended, revisionsOf } from "./extended.ts";
import type { Family, ProtocolName } from "./families.ts";
import type { Matrix } from "./matrix.ts";
import { named, study } from "./matrix.ts";
import type { Problem } from "./problems.ts";
import { ConfigError, allowedWords } from "./problems.ts";
import { keysAt } from "./schemaKeys.ts";
import { problemsOf } from "./zodProblems.ts";

/** GPUs of one cell. */
export interface CellHardware {
  gpu: GpuModel;
  nodesPerCell: number;
  devicesPerNode: number;
}

/** What every stack of this project says. */
export interface CommonConfig {
  /** Name of the stack, for labels. */
  stack: string;
  /** The study's axes, with what the stack adds to them. */
  matrix: Matrix;
  axes: Axes;
  /** Stack of the project `mixcpt-infra` on which this one runs. */
  cluster: string;
  /** Name of a Secret with the key HF_TOKEN, for models and data whose owners let nobody in unnamed. */
  tokenSecret?: string;
  /** Commits by repository of the Hugging Face hub. */
  revisions: Readonly<Record<string, string | undefined>>;
}

/** The configuration of the stack that makes what families share, checked. */
export interface CorporaConfig extends CommonConfig {
  kind: "corpora";
}

/** The configuration of a family's stack, checked. */
export interface StackConfig extends CommonConfig {
  kind: "family";
  /** Name of a family of the matrix. */
  family: string;
  protocol: ProtocolName;
  hardware: CellHardware;
  /** LLaMA-Factory settings by cell id, laid over the protocol's recipe. */
  overrides: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** LocalQueue in which the pods that hold GPUs wait. */
  queue: string;
  price?: Price;
  /** Tokens of a training sequence; the protocol's own where it is left out. */
  sequenceLength?: number;
  /** What is asked otherwise than the study asked. */
  benchmarks: BenchmarkChanges;
}

export interface Price {
  /** Of one GPU module for an hour. */
  perGpuHour: number;
  /** ISO 4217: EUR */
  currency: string;
}

export interface StackFile {
  stack: string;
  /** Shown in messages: `Pulumi.dev.yaml`. */
  file: string;
  /** The map `config` of the file: keys `mixcpt:family` and so on. */
  values: Readonly<Record<string, unknown>>;
}

const namespace = "mixcpt:";

/** What the training step knows of the settings that an override may change. */
export interface RecipeRules {
  /** Every LLaMA-Factory setting of a recipe, each optional, no other key. */
  keys: z.ZodObject;
  /** Names of the settings that may be changed in recipes of a protocol, or in any. */
  names: (protocol?: ProtocolName) => readonly string[];
  /** Rules between the settings of a recipe. */
  check: (overridden: OverriddenCell) => Problem[];
}

/** The settings that a stack changes in one cell's recipe. */
export interface OverriddenCell {
  cell: AnyCell;
  protocol: ProtocolName;
  changes: Readonly<Record<string, unknown>>;
  /** Where they stand in the file. */
  path: string;
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The keys that are right by themselves, so that rules between keys speak even where another key is wrong. Overrides
 * are judged cell by cell: one that is wrong hides no other.
 */
function soundKeys(schema: z.ZodObject, input: Record<string, unknown>): Sound {
  const sound = Object.entries(schema.shape).flatMap(([key, type]) => {
    const { success, data } = (type as z.ZodType).safeParse(input[key]);
    return success ? [[key, data]] : [];
  });
  const overrides = input["overrides"];
  return { ...Object.fromEntries(sound), ...(isMap(overrides) && { overrides }) } as Sound;
}

const withoutNamespace = (values: StackFile["values"]) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key.startsWith(namespace) ? key.slice(namespace.length) : key, value]));

/** Keys of other programs, like `kubernetes:context`, are none of ours. */
const ours = (values: StackFile["values"]) =>
  Object.fromEntries(Object.entries(values).filter(([key]) => key.startsWith(namespace) || !key.includes(":")));

const namespaced = (problem: Problem): Problem => ({
  ...problem,
  path: problem.path.startsWith(namespace) ? problem.path : namespace + problem.path,
});

interface Input {
  stack: string;
  file: string;
  input: Record<string, unknown>;
}

/** As a reader goes through the file; keys that nobody knows last. */
function inOrderOf(keys: readonly string[], problems: readonly Problem[]): Problem[] {
  const place = ({ path }: Problem): number => (keys.indexOf(path.split(/[.[]/)[0] ?? "") + keys.length + 1) % (keys.length + 1);
  return [...problems].sort((a, b) => place(a) - place(b));
}

/** What the overrides of cells that there are do to their recipes, each cell by itself. */
function recipeProblems(sound: Sound, { keys, check }: RecipeRules): Problem[] {
  const { protocol, overrides = {} } = sound;
  if (protocol === undefined) return [];
  return cellsWithRecipe(sound).flatMap((cell) => {
    const { success, data } = keys.safeParse(overrides[cell.id]);
    return success ? check({ cell, protocol, changes: data, path: `${namespace}overrides.${cell.id}` }) : [];
  });
}

/** Problems of single keys, in this project's words, those between keys, and those of recipes. */
function problemsIn(schema: z.ZodObject, input: Record<string, unknown>, recipes?: RecipeRules): Problem[] {
  const { error } = schema.safeParse(input);
  const sound = soundKeys(schema, input);
  const single = problemsOf(error?.issues ?? [], { input, keysAt: (path) => (path[0] === "overrides" ? (recipes?.names(sound.protocol) ?? []) : keysAt(schema, input, path)) });
  const ofRecipes = recipes === undefined ? [] : recipeProblems(sound, recipes);
  return inOrderOf(Object.keys(schema.shape), [...single, ...crossProblems(sound), ...ofRecipes]).map(namespaced);
}

type Common = Pick<ParsedFamily, "axes" | "families" | "mixtures" | "categories" | "revisions">;

/** What all stacks have, once the names in it are known to be right. */
function commonOf<Parsed extends Common>({ axes, families, mixtures, categories, revisions, ...rest }: Parsed) {
  return { ...rest, matrix: extended({ families, mixtures, categories }), axes, revisions: { ...revisionsOf({ families }), ...revisions } };
}

/** Names that the study has, and those under which the stack adds something, right or wrong. */
function namesIn(input: Record<string, unknown>): Names {
  const of = (key: keyof Names): string[] => [...new Set([...Object.keys(study[key]), ...Object.keys(input[key] ?? {})])];
  return { families: of("families"), mixtures: of("mixtures"), categories: of("categories") };
}

function parseCorpora({ stack, file, input }: Input): CorporaConfig {
  const schema = corporaSchema(namesIn(input));
  const problems = problemsIn(schema, input);
  const result = schema.safeParse(input);
  if (!result.success || problems.length > 0) throw new ConfigError(file, problems);
  return { stack, ...commonOf(result.data) };
}

function parseFamily({ stack, file, input }: Input, recipes: RecipeRules): StackConfig {
  const schema = familySchema(recipes.keys, namesIn(input));
  const problems = problemsIn(schema, input, recipes);
  const result = schema.safeParse(input);
  if (!result.success || problems.length > 0) throw new ConfigError(file, problems);
  return { stack, ...commonOf(result.data) };
}

/**
 * Checks the configuration of a stack.
 * @throws ConfigError with every problem of the file.
 */
export function parseConfig({ stack, file, values }: StackFile, recipes: RecipeRules): StackConfig | CorporaConfig {
  const input = withoutNamespace(ours(values));
  const kind = input["kind"] ?? "family";
  if (kind === "corpora") return parseCorpora({ stack, file, input });
  if (kind === "family") return parseFamily({ stack, file, input }, recipes);
  const message = allowedWords(kind, ["family", "corpora"]);
  throw new ConfigError(file, [{ rule: "not-allowed", path: `${namespace}kind`, value: kind, message }]);
}

/** The cells of a stack, the largest mixtures first. */
export function cells({ family, axes, matrix }: Pick<StackConfig, "family" | "axes" | "matrix">): AnyCell[] {
  return cellsOf(family, axes, matrix);
}

/** The mixtures of a stack of corpora, each as a cell of some family shows it. */
export function mixturesOf({ axes, matrix }: Pick<CorporaConfig, "axes" | "matrix">): AnyCell[] {
  return cellsOf("tiny", axes, matrix);
}

export const familyOf = ({ family, matrix }: Pick<StackConfig, "family" | "matrix">): Family => named(matrix.families, family);
