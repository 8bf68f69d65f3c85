import { slugOf } from "../kube/names.ts";
import type { CategoryName, DataKind } from "./axes.ts";
import { categoryNames, dataKinds } from "./axes.ts";
import type { FamilyName } from "./families.ts";
import { families, familyNames } from "./families.ts";

/** One point of the matrix. */
export interface Cell {
  /** The paper's name, for people: `L3-Bi+Code-Stag`. */
  id: string;
  /** The same for Kubernetes: `l3-bi-code-stag`. */
  slug: string;
  family: FamilyName;
  data: DataKind;
  category: CategoryName;
}

export interface Coordinates {
  family: FamilyName;
  data: DataKind;
  category: CategoryName;
}

export interface Axes {
  data: readonly DataKind[];
  categories: readonly CategoryName[];
}

export const allAxes: Axes = { data: dataKinds, categories: categoryNames };

export function cellAt({ family, data, category }: Coordinates): Cell {
  const id = `${families[family].prefix}-${data}-${category}`;
  return { id, slug: slugOf(id), family, data, category };
}

/** The cells of a family, the largest mixtures first: what takes longest is best begun first. */
export function cellsOf(family: FamilyName, axes: Axes): Cell[] {
  const longestFirst = [...dataKinds].reverse().filter((data) => axes.data.includes(data));
  const chosen = categoryNames.filter((category) => axes.categories.includes(category));
  return longestFirst.flatMap((data) => chosen.map((category) => cellAt({ family, data, category })));
}

const everyCell: readonly Cell[] = familyNames.flatMap((family) => cellsOf(family, allAxes));

/** The cell with this id, of any family; undefined for a name that the matrix does not have. */
export function cellById(id: string): Cell | undefined {
  return everyCell.find((cell) => cell.id === id);
}

/** The cell with this slug, of any family; undefined for a name that the matrix does not have. */
export function cellBySlug(slug: string): Cell | undefined {
  return everyCell.find((cell) => cell.slug === slug);
}
