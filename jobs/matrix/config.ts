import type { z } from "zod";
import type { GpuModel } from "../hardware/catalogue.ts";
import type { Axes, Cell } from "./cell.ts";
import { cellById, cellsOf } from "./cell.ts";
import type { ParsedFamily } from "./configSchema.ts";
import { corporaSchema, familySchema, keysOf } from "./configSchema.ts";
import type { FamilyName, ProtocolName } from "./families.ts";
import { families } from "./families.ts";
import type { Problem } from "./problems.ts";
import { ConfigError, allowedWords } from "./problems.ts";
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
  family: FamilyName;
  protocol: ProtocolName;
  hardware: CellHardware;
  /** LLaMA-Factory settings by cell id, laid over the protocol's recipe. */
  overrides: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** LocalQueue in which the pods that hold GPUs wait. */
  queue: string;
  price?: Price;
  /** Tokens of a training sequence; the protocol's own where it is left out. */
  sequenceLength?: number;
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
  /** Names of the settings that may be changed. */
  names: readonly string[];
  /** Rules between the settings of a recipe. */
  check: (overridden: OverriddenCell) => Problem[];
}

/** The settings that a stack changes in one cell's recipe. */
export interface OverriddenCell {
  cell: Cell;
  protocol: ProtocolName;
  changes: Readonly<Record<string, unknown>>;
  /** Where they stand in the file. */
  path: string;
}

function familyProblems({ family, protocol }: Partial<ParsedFamily>): Problem[] {
  if (family === undefined || protocol === undefined || families[family].protocols.includes(protocol)) return [];
  const message = `${family} has no such protocol; ${allowedWords(protocol, families[family].protocols)}`;
  return [{ rule: "protocol-of-another-family", path: "mixcpt:protocol", value: protocol, message }];
}

function overrideProblems({ family, axes, overrides }: Partial<ParsedFamily>): Problem[] {
  if (family === undefined || axes === undefined || overrides === undefined) return [];
  const ids = cellsOf(family, axes).map(({ id }) => id);
  return Object.keys(overrides)
    .filter((id) => !ids.includes(id))
    .map((id) => ({
      rule: "override-outside-the-matrix",
      path: `mixcpt:overrides.${id}`,
      value: overrides[id],
      message: `this stack has no such cell; ${allowedWords(id, ids)}`,
    }));
}

/** What the overrides of cells that there are do to their recipes. */
function recipeProblems({ protocol, family, overrides = {} }: Partial<ParsedFamily>, { check }: RecipeRules): Problem[] {
  if (protocol === undefined || family === undefined || !families[family].protocols.includes(protocol)) return [];
  return Object.entries(overrides).flatMap(([id, changes]) => {
    const cell = cellById(id);
    return cell === undefined ? [] : check({ cell, protocol, changes, path: `${namespace}overrides.${id}` });
  });
}

/** The keys that are right by themselves, so that rules between keys speak even where another key is wrong. */
function soundKeys(schema: ReturnType<typeof familySchema>, input: Record<string, unknown>): Partial<ParsedFamily> {
  const sound = Object.entries(schema.shape).flatMap(([key, type]) => {
    const { success, data } = type.safeParse(input[key]);
    return success ? [[key, data]] : [];
  });
  return Object.fromEntries(sound) as Partial<ParsedFamily>;
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

/** Problems of single keys, in this project's words. */
function singleProblems(schema: z.ZodObject, { input }: Input, overridable: readonly string[] = []): Problem[] {
  const { error } = schema.safeParse(input);
  return problemsOf(error?.issues ?? [], { input, keysAt: (path) => keysOf(schema, path, overridable) }).map(namespaced);
}

function parseCorpora({ stack, file, input }: Input): CorporaConfig {
  const result = corporaSchema.safeParse(input);
  if (!result.success) throw new ConfigError(file, singleProblems(corporaSchema, { stack, file, input }));
  return { stack, ...result.data };
}

function parseFamily({ stack, file, input }: Input, recipes: RecipeRules): StackConfig {
  const schema = familySchema(recipes.keys);
  const result = schema.safeParse(input);
  const sound = soundKeys(schema, input);
  const single = singleProblems(schema, { stack, file, input }, recipes.names);
  const problems = [...single, ...familyProblems(sound), ...overrideProblems(sound), ...recipeProblems(sound, recipes)];
  if (!result.success || problems.length > 0) throw new ConfigError(file, problems);
  return { stack, ...result.data };
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

/** The cells of a stack, in the order in which they are submitted. */
export function cells(config: StackConfig): Cell[] {
  return cellsOf(config.family, config.axes);
}
