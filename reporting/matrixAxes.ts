import { categoryNames, dataKinds, familyNames } from "../jobs/matrix/index.ts";
import type { Category, Matrix } from "../jobs/matrix/index.ts";
import { requireEntry, studyMatrix } from "../jobs/matrix/matrix.ts";
import { isNameIn } from "./nameGuard.ts";
import type { Report, ReportCell } from "./reportModel.ts";

function orderStudyFirst(studied: readonly string[], entries: object): string[] {
  return [...studied, ...Object.keys(entries).filter((name) => !studied.includes(name))];
}

/** Names of the categories: the study's in the paper's order, then added ones in the order of the configuration. */
export function listCategoryNames({ categories }: Matrix): string[] {
  return orderStudyFirst(categoryNames, categories);
}

/** Names of the mixtures, in the same order. */
export function listMixtureNames({ mixtures }: Matrix): string[] {
  return orderStudyFirst(dataKinds, mixtures);
}

/** One matrix with everything that several stacks' matrices name, the study's entries first. */
export function mergeMatrices(matrices: readonly Matrix[]): Matrix {
  return [studyMatrix, ...matrices].reduce((merged, { families, mixtures, weights, categories }) => ({
    families: { ...merged.families, ...families },
    mixtures: { ...merged.mixtures, ...mixtures },
    weights: { ...merged.weights, ...weights },
    categories: { ...merged.categories, ...categories },
  }));
}

type CellsOnAxes = readonly Pick<ReportCell, "kind" | "family" | "data" | "category" | "parts">[];

/**
 * The names on one axis of a table of some cells: those that the cells have. A model of the study gets the study's
 * whole axis, because what it was not run on is a gap beside the paper, which has no miniature.
 */
function selectAxisNames(
  cells: CellsOnAxes,
  axis: "data" | "category",
  { order, studied }: { order: readonly string[]; studied: readonly string[] },
): string[] {
  const present = new Set(cells.map((cell) => cell[axis]));
  const needsWholeAxis =
    cells.length === 0 ||
    cells.some(({ kind, family }) => kind !== "named" && family !== "tiny" && isNameIn(familyNames, family));
  return order.filter((name) => present.has(name) || (needsWholeAxis && studied.includes(name)));
}

/** The mixtures that a table of these cells has rows or columns for. */
export function selectMixtures({ matrix }: Pick<Report, "matrix">, cells: CellsOnAxes): string[] {
  return selectAxisNames(cells, "data", { order: listMixtureNames(matrix), studied: dataKinds });
}

/** The categories that a page about these cells has parts for, with the languages of the first cell of each. */
export function selectCategories({ matrix }: Pick<Report, "matrix">, cells: CellsOnAxes): Category[] {
  return selectAxisNames(cells, "category", { order: listCategoryNames(matrix), studied: categoryNames }).map(
    (name) => cells.find(({ category }) => category === name)?.parts.category ?? requireEntry(matrix.categories, name),
  );
}

type NamedCell = Pick<ReportCell, "withoutSeed" | "data" | "category" | "parts">;

/** The end of a cell's id with its values on axes that a stack has added, except the seed; empty without such axes. */
export function formatAxisValues({ withoutSeed, data, category, parts: { family } }: NamedCell): string {
  return withoutSeed.slice(`${family.prefix}-${data}-${category}`.length);
}

/** A cell's mixture with its values on added axes: `Mono`. */
export function formatMixtureLabel(cell: NamedCell): string {
  return `${cell.data}${formatAxisValues(cell)}`;
}
