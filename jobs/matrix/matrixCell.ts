import { formatSlug } from "../kube/objectNames.ts";
import type { CategoryName, DataKind, Ingredient } from "./axisNames.ts";
import { categoryNames, dataKinds } from "./axisNames.ts";
import type { AxisValue, AxisValues } from "./axisSettings.ts";
import { formatVariant, listAxisValues, omitSeed } from "./axisSettings.ts";
import type { Family, FamilyName } from "./families.ts";
import { familyNames } from "./families.ts";
import type { Matrix } from "./matrix.ts";
import { requireEntry, studyMatrix } from "./matrix.ts";
import type { MixtureWeights } from "./mixtureWeights.ts";
import type { Category } from "./studyCategories.ts";

/** The names that locate a cell in a matrix. */
interface CellCoordinates {
  readonly family: string;
  readonly data: string;
  readonly category: string;
}

/** The matrix entries that the coordinates of a cell refer to. */
export interface CellParts {
  readonly family: Family;
  readonly ingredients: readonly Ingredient[];
  /** The budget and the shares of a mixture by weight. */
  readonly weights?: MixtureWeights;
  readonly category: Category;
}

/** One cell of the study's matrix or of an extended one. */
export interface Cell extends CellCoordinates {
  /** The paper's name, like `L3-Bi+Code-Stag`, followed by the values on added axes, like `-lr4e-5-seed2`. */
  readonly id: string;
  /** The id without the values on added axes: the name of a cell of the paper, or of a matrix that a stack extends. */
  readonly matrixId: string;
  /** The id without the seed. Cells that differ in their seed alone are repetitions of one experiment. */
  readonly withoutSeed: string;
  /** The values on the axes that the stack has added, by setting of the recipe. */
  readonly axisValues: AxisValues;
  /** The name in Kubernetes, like `l3-bi-code-stag`. */
  readonly slug: string;
  readonly parts: CellParts;
}

interface StudyCoordinates {
  readonly family: FamilyName;
  readonly data: DataKind;
  readonly category: CategoryName;
}

/** A cell of the paper's matrix or of the miniature. */
type StudyCell = Cell & StudyCoordinates;

export interface MatrixAxes {
  readonly data: readonly string[];
  readonly categories: readonly string[];
  /** Settings of the recipe that are axes, too, with their values. */
  readonly settings?: Readonly<Record<string, readonly AxisValue[]>>;
}

export const allAxes = { data: dataKinds, categories: categoryNames } as const satisfies MatrixAxes;

export function buildCell<Coordinates extends CellCoordinates>(
  { family, data, category, axisValues = {} }: Coordinates & { readonly axisValues?: AxisValues },
  { families, mixtures, weights: { [data]: weights }, categories }: Matrix = studyMatrix,
): Cell & Pick<Coordinates, keyof CellCoordinates> {
  const parts = {
    family: requireEntry(families, family),
    ingredients: requireEntry(mixtures, data),
    ...(weights && { weights }),
    category: requireEntry(categories, category),
  };
  const matrixId = `${parts.family.prefix}-${data}-${category}`;
  const id = matrixId + formatVariant(axisValues);
  const withoutSeed = matrixId + formatVariant(omitSeed(axisValues));
  return { id, matrixId, withoutSeed, slug: formatSlug(id), family, data, category, axisValues, parts };
}

/** Formats the name that a mixture has in the store and in Kubernetes, like `bi-code-stag`. All families share it. */
export function formatMixtureSlug({ data, category }: Pick<Cell, "data" | "category">): string {
  return formatSlug(`${data}-${category}`);
}

/** Lists the cells of a family with the largest mixtures first, because the longest runs should start first. */
export function listFamilyCells(family: string, axes: MatrixAxes, matrix: Matrix = studyMatrix): Cell[] {
  const combinations = listAxisValues(axes.settings ?? {});
  const mixtureNames = Object.keys(matrix.mixtures)
    .reverse()
    .filter((data) => axes.data.includes(data));
  const selectedCategories = Object.keys(matrix.categories).filter((category) => axes.categories.includes(category));
  return mixtureNames.flatMap((data) =>
    selectedCategories.flatMap((category) =>
      combinations.map((axisValues) => buildCell({ family, data, category, axisValues }, matrix)),
    ),
  );
}

const studyCells: readonly StudyCell[] = familyNames.flatMap((family) =>
  dataKinds.flatMap((data) => categoryNames.map((category) => buildCell<StudyCoordinates>({ family, data, category }))),
);
const studyCellsById = new Map(studyCells.map((cell) => [cell.id, cell]));

/** Finds the study cell with this id in any family; undefined if the study has no such cell. */
export function findStudyCell(id: string): StudyCell | undefined {
  return studyCellsById.get(id);
}
