import { dataKinds } from "../jobs/matrix/index.ts";
import type { Ingredient } from "../jobs/matrix/index.ts";
import { buildModelKey } from "./baseScores.ts";
import { formatAxisValues } from "./matrixAxes.ts";
import { isNameIn } from "./nameGuard.ts";
import { poolRepetitions } from "./repetitions.ts";
import type { Report, ReportCell } from "./reportModel.ts";

/** The single respects in which the texts of two compared mixtures differ. */
export const contrasts = ["code", "bilingual"] as const;
export type Contrast = (typeof contrasts)[number];

/** Ingredients of a mixture on the other side of a contrast; null if it is already there, or has no other side. */
const counterparts: Readonly<Record<Contrast, (ingredients: readonly Ingredient[]) => readonly Ingredient[] | null>> = {
  code: (ingredients) => (ingredients.includes("code") ? null : [...ingredients, "code"]),
  bilingual: (ingredients) =>
    ingredients.includes("bilingual") || !ingredients.includes("monolingual")
      ? null
      : ingredients.map((one) => (one === "monolingual" ? "bilingual" : one)),
};

function formatComposition(ingredients: readonly Ingredient[]): string {
  return [...new Set(ingredients)].sort().join(" and ");
}

/** The cells that can be compared: miniatures are left out beside others, and models whose text is unknown. */
export function selectMeaningfulCells({ cells, miniature }: Report): readonly ReportCell[] {
  return cells.filter(({ kind, family }) => kind !== "named" && (miniature !== "part" || family !== "tiny"));
}

/** The groups of a cell's runs; several if stacks repeat it. */
function listRunGroups(cell: ReportCell): string[] {
  return [cell, ...(cell.repetitions ?? [])].map(({ group }) => group);
}

/**
 * The cell of the same model, category and values on added axes on the other side of a contrast. Mixtures by weight
 * have none: with more of one text they have less of another, so they differ in two respects.
 */
export function findCounterpart(
  cells: readonly ReportCell[],
  cell: ReportCell,
  contrast: Contrast,
): ReportCell | undefined {
  if (cell.parts.weights !== undefined) return undefined;
  const wanted = counterparts[contrast](cell.parts.ingredients);
  const groups = listRunGroups(cell);
  return wanted === null
    ? undefined
    : cells.find(
        (other) =>
          other.parts.weights === undefined &&
          listRunGroups(other).some((group) => groups.includes(group)) &&
          other.category === cell.category &&
          formatAxisValues(other) === formatAxisValues(cell) &&
          formatComposition(other.parts.ingredients) === formatComposition(wanted),
      );
}

/** All pairs of cells whose text differs in the contrast alone. Runs that repeat one another are one cell. */
export function listCellPairs(report: Report, contrast: Contrast): [ReportCell, ReportCell][] {
  const pooled = poolRepetitions(report);
  return selectMeaningfulCells(pooled).flatMap((cell): [ReportCell, ReportCell][] => {
    const counterpart = findCounterpart(pooled.cells, cell, contrast);
    return counterpart === undefined ? [] : [[cell, counterpart]];
  });
}

/**
 * Pairs grouped by model, category and mixtures. Those of one group differ in other settings, such as the learning rate
 * of an axis, or in their stack: they repeat one comparison and are not independent of each other.
 */
export function groupRepeatedPairs<Pair extends readonly [ReportCell, ReportCell]>(pairs: readonly Pair[]): Pair[][] {
  const buildPairKey = ([cell, counterpart]: Pair): string =>
    [buildModelKey(cell.parts.family), cell.category, cell.data, counterpart.data].join(" ");
  return [...Map.groupBy(pairs, buildPairKey).values()];
}

/** Mixtures that a stack added and that are compared, each with its other side: `["Mono+Bi", "Mono+Bi+Code"]`. */
export function listAddedPairs(report: Report): [string, string][] {
  const pairs = contrasts.flatMap((contrast) =>
    listCellPairs(report, contrast)
      .filter((cells) => !cells.every(({ data }) => isNameIn(dataKinds, data)))
      .map(([cell, counterpart]): [string, string] => [cell.data, counterpart.data]),
  );
  return [...new Map(pairs.map((pair) => [pair.join(" "), pair])).values()];
}
