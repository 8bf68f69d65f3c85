import { formatSlug } from "../kube/objectNames.ts";
import type { Family } from "../matrix/families.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { requireEntry } from "../matrix/matrix.ts";
import { parseVariant, splitCellId } from "../matrix/axisSettings.ts";
import type { Cell } from "../matrix/matrixCell.ts";
import { buildCell } from "../matrix/matrixCell.ts";
import { findFamilyByBase, listMatrixCells } from "../matrix/matrixIndex.ts";
import type { Category } from "../matrix/studyCategories.ts";
import type { ModelEntry } from "./evaluationSchema.ts";
import { placeholderRevision } from "./placeholderRevision.ts";
import type { EvaluationConfig } from "./stackConfig.ts";

/** The place of a model's weights: the hub, a folder below the store, or a model that the stack makes. */
export type ModelSource =
  | { readonly kind: "hub"; readonly repository: string; readonly revision: string | undefined }
  | { readonly kind: "store"; readonly path: string }
  | { readonly kind: "made" };

/** A model that a stack evaluates without training it. */
export interface EvaluatedModel {
  readonly id: string;
  /** The id as a name in Kubernetes. */
  readonly slug: string;
  readonly family: Family;
  /** The categories in whose languages it is evaluated, in the order of the matrix. */
  readonly categories: readonly Category[];
  /** True if the id is neither a cell nor a base model of the matrix. */
  readonly hasFreeName: boolean;
  readonly source: ModelSource;
}

/** Finds the cell with this id, which may end in values on added axes, like `L3-Mono-Alt-lr4e-5-seed2`. */
function findCell(matrix: Matrix, id: string): Cell | undefined {
  const { matrixId, variant } = splitCellId(id);
  const cell = listMatrixCells(matrix).find((one) => one.id === matrixId);
  const named = cell && buildCell({ ...cell, axisValues: parseVariant(variant) ?? {} }, matrix);
  return named?.id === id ? named : undefined;
}

interface ModelIdentity {
  readonly cell?: Cell | undefined;
  readonly baseOf?: Family | undefined;
}

/**
 * Finds the cell or the family whose base model has this id; neither for a free name. A name with values on added axes
 * is free if the entry states a family.
 */
export function findModelIdentity(matrix: Matrix, id: string, { family }: Pick<ModelEntry, "family">): ModelIdentity {
  const cell = findCell(matrix, id);
  const isFree = family !== undefined && cell !== undefined && cell.id !== cell.matrixId;
  return { cell: isFree ? undefined : cell, baseOf: findFamilyByBase(matrix, id) };
}

type ModelContext = Pick<EvaluationConfig, "matrix" | "revisions">;

function selectSource({ repository, revision, path }: ModelEntry, family: Family, config: ModelContext): ModelSource {
  if (path !== undefined) return { kind: "store", path };
  const name = repository ?? family.base?.repository;
  return name === undefined
    ? { kind: "made" }
    : { kind: "hub", repository: name, revision: revision ?? config.revisions[name] };
}

function selectEvaluatedCategories({ categories }: Matrix, names: readonly string[] | undefined): Category[] {
  return Object.values(categories).filter(({ name }) => names === undefined || names.includes(name));
}

function resolveModel([id, entry]: [string, ModelEntry], config: ModelContext): EvaluatedModel {
  const { matrix } = config;
  const { cell, baseOf } = findModelIdentity(matrix, id, entry);
  const family = cell?.parts.family ?? baseOf ?? requireEntry(matrix.families, entry.family ?? "");
  return {
    id,
    slug: formatSlug(id),
    family,
    categories: cell === undefined ? selectEvaluatedCategories(matrix, entry.categories) : [cell.parts.category],
    hasFreeName: cell === undefined && baseOf === undefined,
    source: selectSource(entry, family, config),
  };
}

/** Lists the models of an evaluation stack in the order of its file. */
export function listEvaluatedModels(config: ModelContext & Pick<EvaluationConfig, "models">): EvaluatedModel[] {
  return Object.entries(config.models).map((entry) => resolveModel(entry, config));
}

function fillRevision({ id, source }: EvaluatedModel, entry: ModelEntry | undefined): [string, ModelEntry] {
  const isOpen = source.kind === "hub" && source.revision === undefined;
  return [id, { ...entry, ...(isOpen && { revision: placeholderRevision }) }];
}

/** Returns the configuration with a placeholder commit for every model that still lacks one. */
export function fillModelRevisions(config: EvaluationConfig): EvaluationConfig {
  const entries = listEvaluatedModels(config).map((model) => fillRevision(model, config.models[model.id]));
  return { ...config, models: Object.fromEntries(entries) };
}
