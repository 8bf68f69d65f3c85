import { z } from "zod";
import type { GpuModel } from "../hardware/catalogue.ts";
import { gpuModels } from "../hardware/catalogue.ts";
import type { FamilyName, ProtocolName } from "./axes.ts";
import { categoryNames, dataKinds, families, familyNames, protocolNames } from "./axes.ts";
import type { Axes, Cell } from "./cell.ts";
import { cellsOf } from "./cell.ts";
import type { Problem } from "./problems.ts";
import { ConfigError, allowedWords } from "./problems.ts";
import { problemsOf } from "./zodProblems.ts";

/** GPUs of one cell. */
export interface CellHardware {
  gpu: GpuModel;
  nodesPerCell: number;
  devicesPerNode: number;
}

/** The configuration of an experiments stack, checked. */
export interface StackConfig {
  /** Name of the stack, for labels. */
  stack: string;
  family: FamilyName;
  protocol: ProtocolName;
  axes: Axes;
  hardware: CellHardware;
  /** LLaMA-Factory settings by cell id, laid over the protocol's recipe. */
  overrides: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Stack of the project `mixcpt-infra` on which this one runs. */
  cluster: string;
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
  check: (overrides: Readonly<Record<string, unknown>>, path: string) => Problem[];
}

function unique<Item extends string>(items: readonly Item[]) {
  return z.array(z.enum(items as unknown as [Item, ...Item[]])).min(1).superRefine((list, context) => {
    list.forEach((item, index) => {
      if (list.indexOf(item) === index) return;
      const message = `"${item}" is already listed; name it once`;
      context.addIssue({ code: "custom", path: [index], message, params: { rule: "listed-twice" } });
    });
  });
}

const count = (most: number) => z.number().int().min(1).max(most);

function schemaOf(recipeKeys: z.ZodObject) {
  return z.strictObject({
    family: z.enum(familyNames),
    protocol: z.enum(protocolNames),
    axes: z.strictObject({ data: unique(dataKinds).default([...dataKinds]), categories: unique(categoryNames).default([...categoryNames]) }).prefault({}),
    hardware: z.strictObject({ gpu: z.enum(gpuModels), nodesPerCell: count(1024).default(1), devicesPerNode: count(16) }),
    overrides: z.record(z.string(), recipeKeys).default({}),
    cluster: z.string().min(1).default("dev"),
  });
}

type Parsed = z.infer<ReturnType<typeof schemaOf>>;

function familyProblems({ family, protocol }: Partial<Parsed>): Problem[] {
  if (family === undefined || protocol === undefined || families[family].protocols.includes(protocol)) return [];
  const message = `${family} has no such protocol; ${allowedWords(protocol, families[family].protocols)}`;
  return [{ rule: "protocol-of-another-family", path: "mixcpt:protocol", value: protocol, message }];
}

function overrideProblems({ family, axes, overrides }: Partial<Parsed>): Problem[] {
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

/** The keys that are right by themselves, so that rules between keys speak even where another key is wrong. */
function soundKeys(schema: ReturnType<typeof schemaOf>, input: Record<string, unknown>): Partial<Parsed> {
  const sound = Object.entries(schema.shape).flatMap(([key, type]) => {
    const { success, data } = type.safeParse(input[key]);
    return success ? [[key, data]] : [];
  });
  return Object.fromEntries(sound) as Partial<Parsed>;
}

const withoutNamespace = (values: StackFile["values"]) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key.startsWith(namespace) ? key.slice(namespace.length) : key, value]));

/** Keys of other programs, like `kubernetes:context`, are none of ours. */
const ours = (values: StackFile["values"]) =>
  Object.fromEntries(Object.entries(values).filter(([key]) => key.startsWith(namespace) || !key.includes(":")));

function keysAt({ keys, names }: RecipeRules): (path: readonly PropertyKey[]) => readonly string[] {
  const { shape } = schemaOf(keys);
  return ([first]) => {
    if (first === undefined) return Object.keys(shape);
    if (first === "axes") return Object.keys(shape.axes.unwrap().shape);
    if (first === "hardware") return Object.keys(shape.hardware.shape);
    return first === "overrides" ? names : [];
  };
}

const namespaced = (problem: Problem): Problem => ({
  ...problem,
  path: problem.path.startsWith(namespace) ? problem.path : namespace + problem.path,
});

/**
 * Checks the configuration of a stack.
 * @throws ConfigError with every problem of the file.
 */
export function parseConfig({ stack, file, values }: StackFile, recipes: RecipeRules): StackConfig {
  const input = withoutNamespace(ours(values));
  const schema = schemaOf(recipes.keys);
  const result = schema.safeParse(input);
  const single = problemsOf(result.error?.issues ?? [], { input, keysAt: keysAt(recipes) }).map(namespaced);
  const sound = soundKeys(schema, input);
  const recipeProblems = Object.entries(sound.overrides ?? {}).flatMap(([id, changes]) =>
    recipes.check(changes, `mixcpt:overrides.${id}`),
  );
  const problems = [...single, ...familyProblems(sound), ...overrideProblems(sound), ...recipeProblems];
  if (!result.success || problems.length > 0) throw new ConfigError(file, problems);
  return { stack, ...result.data };
}

/** The cells of a stack, in the order in which they are submitted. */
export function cells(config: StackConfig): Cell[] {
  return cellsOf(config.family, config.axes);
}
