import { formatSlug } from "../kube/objectNames.ts";
import type { Category } from "./studyCategories.ts";
import type { CategoryName } from "./axisNames.ts";
import { categoryNames } from "./axisNames.ts";
import type { DataKind, Ingredient } from "./axisNames.ts";
import { dataKinds } from "./axisNames.ts";
import type { Family, FamilyName } from "./families.ts";
import { familyNames } from "./families.ts";
import type { Matrix } from "./matrix.ts";
import { requireEntry, studyMatrix } from "./matrix.ts";

/** Where a cell stands: names of the matrix that it belongs to. */
export interface CellCoordinates {
  readonly family: string;
  readonly data: string;
  readonly category: string;
}

/** What the names of a cell stand for. */
export interface CellParts {
  readonly family: Family;
  /** What its mixture is made of. */
  readonly ingredients: readonly Ingredient[];
  readonly category: Category;
}

/** One point of a matrix: the study's, or one to which a stack's configuration adds. */
export interface Cell extends CellCoordinates {
  /** The paper's name, for people: `L3-Bi+Code-Stag`. */
  readonly id: string;
  /** The same for Kubernetes: `l3-bi-code-stag`. */
  readonly slug: string;
  readonly parts: CellParts;
}

interface StudyCoordinates {
  readonly family: FamilyName;
  readonly data: DataKind;
  readonly category: CategoryName;
}

/** A cell of the paper's matrix, or of its miniature. */
export type StudyCell = Cell & StudyCoordinates;

export interface MatrixAxes {
  readonly data: readonly string[];
  readonly categories: readonly string[];
}

export const allAxes = { data: dataKinds, categories: categoryNames } as const satisfies MatrixAxes;

export function buildCell<Where extends CellCoordinates>(
  { family, data, category }: Where,
  { families, mixtures, categories }: Matrix = studyMatrix,
): Cell & Pick<Where, keyof CellCoordinates> {
  const parts = {
    family: requireEntry(families, family),
    ingredients: requireEntry(mixtures, data),
    category: requireEntry(categories, category),
  };
  const id = `${parts.family.prefix}-${data}-${category}`;
  return { id, slug: formatSlug(id), family, data, category, parts };
}

/** The cells of a family, the largest mixtures first: what takes longest is best begun first. */
export function listFamilyCells(family: string, axes: MatrixAxes, matrix: Matrix = studyMatrix): Cell[] {
  const longestFirst = Object.keys(matrix.mixtures)
    .reverse()
    .filter((data) => axes.data.includes(data));
  const chosen = Object.keys(matrix.categories).filter((category) => axes.categories.includes(category));
  return longestFirst.flatMap((data) => chosen.map((category) => buildCell({ family, data, category }, matrix)));
}

const studyCells: readonly StudyCell[] = familyNames.flatMap((family) =>
  dataKinds.flatMap((data) => categoryNames.map((category) => buildCell<StudyCoordinates>({ family, data, category }))),
);
const studyCellsById = new Map(studyCells.map((cell) => [cell.id, cell]));

/** The cell of the study with this id, of any family; undefined for a name that the matrix does not have. */
export function findStudyCell(id: string): StudyCell | undefined {
  return studyCellsById.get(id);
}
