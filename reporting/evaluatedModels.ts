import { listEvaluatedModels } from "../jobs/config/index.ts";
import type { EvaluationConfig } from "../jobs/config/index.ts";
import { findFamilyByBase } from "../jobs/matrix/index.ts";
import type { Matrix } from "../jobs/matrix/index.ts";
import { requireEntry } from "../jobs/matrix/matrix.ts";
import type { ExpectedCell, NamedModel } from "./expectedCell.ts";
import type { KnownCell } from "./reportCells.ts";
import type { StackInput } from "./reportModel.ts";

type EvaluatedInput = Pick<StackInput, "matrix" | "cells" | "bases" | "models" | "evaluatesOnly">;

/** Adds the names of models to the mixtures, whose columns and rows they share in tables. */
function addModelColumns({ mixtures, ...matrix }: Matrix, models: readonly NamedModel[]): Matrix {
  return { ...matrix, mixtures: { ...mixtures, ...Object.fromEntries(models.map(({ id }) => [id, []])) } };
}

/** Sorts the submitted models of an evaluation stack into cells of the matrix, base models, and models with a name. */
export function sortEvaluatedModels(config: EvaluationConfig, submitted: readonly ExpectedCell[]): EvaluatedInput {
  const { matrix } = config;
  const named = new Map(
    listEvaluatedModels(config)
      .filter(({ hasFreeName }) => hasFreeName)
      .map((model) => [model.id, model]),
  );
  const models = submitted.flatMap((expected): NamedModel[] => {
    const model = named.get(expected.id);
    if (model === undefined) return [];
    const { slug, family, categories } = model;
    return [{ ...expected, slug, family: family.name, categories: categories.map(({ name }) => name) }];
  });
  const others = submitted.filter(({ id }) => !named.has(id));
  const bases = others.filter(({ id }) => findFamilyByBase(matrix, id) !== undefined);
  const cells = others.filter((expected) => !bases.includes(expected));
  return { matrix: addModelColumns(matrix, models), cells, bases, models, evaluatesOnly: true };
}

function buildModelCell({ id, run, slug, family }: NamedModel, matrix: Matrix, category: string): KnownCell {
  const parts = {
    family: requireEntry(matrix.families, family),
    ingredients: [],
    category: requireEntry(matrix.categories, category),
  };
  return {
    cell: { id, matrixId: id, withoutSeed: id, axisValues: {}, slug, family, data: id, category, parts },
    run,
    kind: "named",
  };
}

/** Lists the positions of models with a name in the tables: one for each category that they are evaluated in. */
export function listModelCells({ models = [], matrix }: Pick<StackInput, "models" | "matrix">): KnownCell[] {
  return models.flatMap((model) => model.categories.map((category) => buildModelCell(model, matrix, category)));
}
