import type { Problem, ProblemRule } from "../../validation/problems.ts";
import { formatSuggestion } from "../../validation/suggestions.ts";
import { formatSlug, maxLabelLength } from "../kube/objectNames.ts";
import { buildBaseModelNames } from "../matrix/families.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { listMatrixCells } from "../matrix/matrixIndex.ts";
import type { Category } from "../matrix/studyCategories.ts";
import { checkAddedBenchmarks } from "./benchmarkRules.ts";
import type { AddedBenchmark } from "./benchmarksSchema.ts";
import { findModelIdentity } from "./evaluatedModels.ts";
import type { ModelEntry } from "./evaluationSchema.ts";

type ModelEntries = Readonly<Record<string, ModelEntry>>;

/** A model with what its name says. */
interface NamedModel extends ReturnType<typeof findModelIdentity> {
  readonly id: string;
  readonly entry: ModelEntry;
}

function buildModelProblem(
  { id, entry }: Pick<NamedModel, "id" | "entry">,
  key: keyof ModelEntry,
  { rule, message }: { rule: ProblemRule; message: string },
): Problem {
  return { rule, path: `models.${id}.${key}`, value: entry[key], message };
}

function checkLocation(model: NamedModel): Problem[] {
  const { entry, baseOf } = model;
  const refuseKey = (key: keyof ModelEntry, message: string): Problem =>
    buildModelProblem(model, key, { rule: "not-allowed", message });
  if (entry.path !== undefined)
    return (["repository", "revision"] as const)
      .filter((key) => entry[key] !== undefined)
      .map((key) => refuseKey(key, "a model with a path is not downloaded; remove this key or the path"));
  if (entry.repository !== undefined || baseOf !== undefined) return [];
  const message = "state where the weights are: repository and revision, or the path of a folder below the store";
  return [buildModelProblem(model, "repository", { rule: "missing-key", message })];
}

function listMatrixIds(matrix: Matrix): string[] {
  const bases = Object.values(matrix.families).map((family) => buildBaseModelNames(family).id);
  return [...bases, ...listMatrixCells(matrix).map(({ id }) => id)];
}

function describeMissingFamily(id: string, ids: readonly string[]): string {
  const suggestion = formatSuggestion(id, ids);
  return `${id} is neither a cell nor a base model, so its family is not known; add this key${suggestion}`;
}

/** Refuses keys that contradict the name of a cell or base model, and a free name without a family. */
function checkIdentity(model: NamedModel, ids: readonly string[]): Problem[] {
  const { id, entry, cell, baseOf } = model;
  if (cell === undefined && baseOf === undefined)
    return entry.family === undefined
      ? [buildModelProblem(model, "family", { rule: "missing-key", message: describeMissingFamily(id, ids) })]
      : [];
  const keys = cell === undefined ? (["family"] as const) : (["family", "categories"] as const);
  const message = `${id} is the name of a ${cell === undefined ? "base model" : "cell"}, which decides this`;
  return keys
    .filter((key) => entry[key] !== undefined)
    .map((key) =>
      buildModelProblem(model, key, {
        rule: "not-allowed",
        message: `${message}; remove this key or rename the model`,
      }),
    );
}

/** Refuses models that would share a name in Kubernetes, with each other or with a cell or base model. */
function checkModelSlugs(names: readonly string[], ids: readonly string[]): Problem[] {
  const idsBySlug = Map.groupBy(new Set([...ids, ...names]), formatSlug);
  return names.flatMap((name): Problem[] => {
    const others = (idsBySlug.get(formatSlug(name)) ?? []).filter((id) => id !== name);
    if (others.length === 0) return [];
    const message = `would have the Kubernetes name of ${others.join(" and ")}; rename it`;
    return [{ rule: "same-slug", path: `models.${name}`, value: undefined, message }];
  });
}

function checkNameLengths(names: readonly string[]): Problem[] {
  const message = `must have at most ${String(maxLabelLength)} characters`;
  return names
    .filter((name) => name.length > maxLabelLength)
    .map((name) => ({ rule: "name-too-long", path: `models.${name}`, value: undefined, message }));
}

/** Lists the categories in whose languages some model is evaluated. */
function listUsedCategories(models: readonly NamedModel[], { categories }: Matrix): Category[] {
  const used = new Set(
    models.flatMap(({ cell, entry }) => cell?.category ?? entry.categories ?? Object.keys(categories)),
  );
  return Object.values(categories).filter(({ name }) => used.has(name));
}

interface ModelRulesInput {
  readonly models?: ModelEntries | undefined;
  readonly benchmarks?: { readonly added: Readonly<Record<string, AddedBenchmark>> } | undefined;
  readonly matrix: Matrix;
}

/** Checks the models of an evaluation stack. Paths lack the namespace. */
export function checkModels({ models = {}, benchmarks, matrix }: ModelRulesInput): Problem[] {
  const names = Object.keys(models);
  if (names.length === 0) return [];
  const ids = listMatrixIds(matrix);
  const named = Object.entries(models).map(([id, entry]) => ({ id, entry, ...findModelIdentity(matrix, id, entry) }));
  return [
    ...named.flatMap((model) => [...checkLocation(model), ...checkIdentity(model, ids)]),
    ...checkModelSlugs(names, ids),
    ...checkNameLengths(names),
    ...checkAddedBenchmarks(benchmarks?.added ?? {}, listUsedCategories(named, matrix)),
  ];
}
