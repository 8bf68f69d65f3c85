import { listChangedSettings } from "../jobs/train/index.ts";
import { listCellPairs } from "./contrast.ts";
import type { Contrast } from "./contrast.ts";
import { findCellRecipe, findScoredCheckpoint } from "./recipeDeviations.ts";
import { hasScores } from "./repetitions.ts";
import type { Report, ReportCell } from "./reportModel.ts";

/** Differences between the trainings of a contrast's pairs, apart from their text. */
interface PairRecipeDifferences {
  readonly pairs: number;
  /** Pairs with at least one unknown recipe. */
  readonly unknown: number;
  /**
   * Settings, and `checkpoint` for the step that was scored, grouped by the pairs in which they differ; the group with
   * the most pairs first.
   */
  readonly differing: readonly { readonly settings: readonly string[]; readonly pairs: number }[];
}

function listPairsWithScores(report: Report, contrast: Contrast): [ReportCell, ReportCell][] {
  return listCellPairs(report, contrast).filter((pair) => pair.every(hasScores));
}

/** Settings in which two cells differ; null if a recipe is unknown. */
function listRecipeDifferences(
  report: Report,
  [cell, counterpart]: readonly [ReportCell, ReportCell],
): string[] | null {
  const [recipe, otherRecipe] = [findCellRecipe(cell), findCellRecipe(counterpart)];
  if (recipe === null || otherRecipe === null) return null;
  const isSameCheckpoint = findScoredCheckpoint(report, cell) === findScoredCheckpoint(report, counterpart);
  return [...(isSameCheckpoint ? [] : ["checkpoint"]), ...listChangedSettings(recipe, otherRecipe)];
}

function groupSettingsByPairs(
  settingsByPair: readonly (readonly string[] | null)[],
): PairRecipeDifferences["differing"] {
  const settings = [...new Set(settingsByPair.flatMap((pairSettings) => pairSettings ?? []))];
  const findPairIndexes = (setting: string): number[] =>
    settingsByPair.flatMap((pairSettings, pair) => (pairSettings?.includes(setting) ? [pair] : []));
  const groups = [...Map.groupBy(settings, (setting) => findPairIndexes(setting).join()).values()];
  return groups
    .map((group) => ({ settings: group, pairs: findPairIndexes(group[0] ?? "").length }))
    .toSorted((a, b) => b.pairs - a.pairs);
}

/** Compares the recipes of all scored pairs of a contrast. */
export function comparePairRecipes(report: Report, contrast: Contrast): PairRecipeDifferences {
  const settingsByPair = listPairsWithScores(report, contrast).map((pair) => listRecipeDifferences(report, pair));
  return {
    pairs: settingsByPair.length,
    unknown: settingsByPair.filter((pairSettings) => pairSettings === null).length,
    differing: groupSettingsByPairs(settingsByPair),
  };
}
