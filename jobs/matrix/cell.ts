import { slugOf } from "../kube/names.ts";
import type { Category } from "./categories.ts";
import type { CategoryName } from "./categoryNames.ts";
import { categoryNames } from "./categoryNames.ts";
import type { DataKind, Ingredient } from "./dataKinds.ts";
import { dataKinds } from "./dataKinds.ts";
import type { Family, FamilyName } from "./families.ts";
import { familyNames } from "./families.ts";
import type { Matrix } from "./matrix.ts";
import { named, study } from "./matrix.ts";

/** Where a cell stands: names of the matrix that it belongs to. */
export interface Coordinates {
  family: string;
  data: string;
  category: string;
}

/** What the names of a cell stand for. */
export interface Parts {
  family: Family;
  /** What its mixture is made of. */
  ingredients: readonly Ingredient[];
  category: Category;
}

/** One point of a matrix: the study's, or one to which a stack's configuration adds. */
export interface AnyCell extends Coordinates {
  /** The paper's name, for people: `L3-Bi+Code-Stag`. */
  id: string;
  /** The same for Kubernetes: `l3-bi-code-stag`. */
  slug: string;
  parts: Parts;
}

interface StudyCoordinates {
  family: FamilyName;
  data: DataKind;
  category: CategoryName;
}

/** A cell of the paper's matrix, or of its miniature. */
export type Cell = AnyCell & StudyCoordinates;

export interface Axes {
  data: readonly string[];
  categories: readonly string[];
}

export const allAxes = { data: dataKinds, categories: categoryNames } as const satisfies Axes;

export function cellAt<Where extends Coordinates>({ family, data, category }: Where, { families, mixtures, categories }: Matrix = study): AnyCell & Pick<Where, keyof Coordinates> {
  const parts = { family: named(families, family), ingredients: named(mixtures, data), category: named(categories, category) };
  const id = `${parts.family.prefix}-${data}-${category}`;
  return { id, slug: slugOf(id), family, data, category, parts };
}

/** The cells of a family, the largest mixtures first: what takes longest is best begun first. */
export function cellsOf(family: string, axes: Axes, matrix: Matrix = study): AnyCell[] {
  const longestFirst = Object.keys(matrix.mixtures).reverse().filter((data) => axes.data.includes(data));
  const chosen = Object.keys(matrix.categories).filter((category) => axes.categories.includes(category));
  return longestFirst.flatMap((data) => chosen.map((category) => cellAt({ family, data, category }, matrix)));
}

const everyCell: readonly Cell[] = familyNames.flatMap((family) =>
  dataKinds.flatMap((data) => categoryNames.map((category) => cellAt<StudyCoordinates>({ family, data, category }))),
);
const byId = new Map(everyCell.map((cell) => [cell.id, cell]));

/** The cell of the study with this id, of any family; undefined for a name that the matrix does not have. */
export const cellById = (id: string): Cell | undefined => byId.get(id);
