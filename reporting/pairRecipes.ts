import { listChangedSettings } from "../jobs/train/index.ts";
import { selectMeaningfulCells, findCounterpart } from "./contrast.ts";
import type { Contrast } from "./contrast.ts";
import { findScoredCheckpoint, findCellRecipe } from "./recipeDeviations.ts";
import type { Report, ReportCell } from "./reportModel.ts";

/** How the pairs of a contrast differ in what they are trained with, beside their text. */
export interface PairRecipeDifferences {
  readonly pairs: number;
  /** Pairs of which one recipe or both are not known. */
  readonly unknown: number;
  /** Settings, and `checkpoint` for the step that was scored, which differ in the same pairs together; most pairs first. */
  readonly differing: readonly { readonly settings: readonly string[]; readonly pairs: number }[];
}

function hasScores({ scores }: ReportCell): boolean {
  return scores.length > 0;
}

function listScoredPairs(report: Report, contrast: Contrast): [ReportCell, ReportCell][] {
  return selectMeaningfulCells(report).flatMap((cell): [ReportCell, ReportCell][] => {
    const other = findCounterpart(report.cells, cell, contrast);
    return other !== undefined && hasScores(cell) && hasScores(other) ? [[cell, other]] : [];
  });
}

/** null where a recipe is not known. */
function listRecipeDifferences(report: Report, [cell, other]: readonly [ReportCell, ReportCell]): string[] | null {
  const [one, two] = [findCellRecipe(cell), findCellRecipe(other)];
  if (one === null || two === null) return null;
  return [
    ...(findScoredCheckpoint(report, cell) === findScoredCheckpoint(report, other) ? [] : ["checkpoint"]),
    ...listChangedSettings(one, two),
  ];
}

function groupSettingsByPairs(found: readonly (readonly string[] | null)[]): PairRecipeDifferences["differing"] {
  const settings = [...new Set(found.flatMap((one) => one ?? []))];
  const findPairIndexes = (setting: string): number[] =>
    found.flatMap((one, pair) => (one?.includes(setting) ? [pair] : []));
  const groups = [...Map.groupBy(settings, (setting) => findPairIndexes(setting).join()).values()];
  return groups
    .map((group) => ({ settings: group, pairs: findPairIndexes(group[0] ?? "").length }))
    .toSorted((a, b) => b.pairs - a.pairs);
}

/** What the pairs of a contrast do not have in common, beside their text. */
export function comparePairRecipes(report: Report, contrast: Contrast): PairRecipeDifferences {
  const found = listScoredPairs(report, contrast).map((pair) => listRecipeDifferences(report, pair));
  return {
    pairs: found.length,
    unknown: found.filter((one) => one === null).length,
    differing: groupSettingsByPairs(found),
  };
}
