import { categoryNames, dataKinds, familyNames } from "../jobs/matrix/index.ts";
import type { Category, Matrix } from "../jobs/matrix/index.ts";
import { requireEntry, studyMatrix } from "../jobs/matrix/matrix.ts";
import type { Report, ReportCell } from "./reportModel.ts";

function isNameIn(names: readonly string[], name: string): boolean {
  return names.includes(name);
}

function orderStudyFirst(studied: readonly string[], there: object): string[] {
  return [...studied, ...Object.keys(there).filter((name) => !studied.includes(name))];
}

/** Names of the categories: the study's in the paper's order, then added ones in the order of the configuration. */
export function listCategoryNames({ categories }: Matrix): string[] {
  return orderStudyFirst(categoryNames, categories);
}

/** The same of the mixtures. */
export function listMixtureNames({ mixtures }: Matrix): string[] {
  return orderStudyFirst(dataKinds, mixtures);
}

/** All that several stacks' matrices name, the study's first. */
export function mergeMatrices(matrices: readonly Matrix[]): Matrix {
  return [studyMatrix, ...matrices].reduce((all, { families, mixtures, categories }) => ({
    families: { ...all.families, ...families },
    mixtures: { ...all.mixtures, ...mixtures },
    categories: { ...all.categories, ...categories },
  }));
}

type CellsOnAxes = readonly Pick<ReportCell, "family" | "data" | "category" | "parts">[];

/**
 * The names that a table of some cells is over: those that the cells have. A model of the study has the whole of the
 * study's axis: what it was not run on is a hole beside the paper.
 */
function selectAxisNames(
  cells: CellsOnAxes,
  axis: "data" | "category",
  { order, studied }: { order: readonly string[]; studied: readonly string[] },
): string[] {
  const there = new Set(cells.map((cell) => cell[axis]));
  const whole = cells.length === 0 || cells.some(({ family }) => isNameIn(familyNames, family));
  return order.filter((name) => there.has(name) || (whole && studied.includes(name)));
}

/** The mixtures that a table of these cells has rows or columns for. */
export function selectMixtures({ matrix }: Pick<Report, "matrix">, cells: CellsOnAxes): string[] {
  return selectAxisNames(cells, "data", { order: listMixtureNames(matrix), studied: dataKinds });
}

/** The categories that a page about these cells has parts for, with the languages that the first of their cells has. */
export function selectCategories({ matrix }: Pick<Report, "matrix">, cells: CellsOnAxes): Category[] {
  return selectAxisNames(cells, "category", { order: listCategoryNames(matrix), studied: categoryNames }).map(
    (name) => cells.find(({ category }) => category === name)?.parts.category ?? requireEntry(matrix.categories, name),
  );
}
