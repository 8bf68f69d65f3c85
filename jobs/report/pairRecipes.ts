import { differences } from "../train/index.ts";
import { meaningful, partner, type Contrast } from "./contrast.ts";
import { checkpointOf, recipeOf } from "./recipe.ts";
import type { Report, ReportCell } from "./report.ts";

/** How the pairs of a contrast differ in what they are trained with, beside their text. */
export interface PairRecipes {
  readonly pairs: number;
  /** Pairs of which one recipe or both are not known. */
  readonly unknown: number;
  /** Settings, and `checkpoint` for the step that was scored, which differ in the same pairs together; most pairs first. */
  readonly differing: readonly { readonly settings: readonly string[]; readonly pairs: number }[];
}

const scored = ({ scores }: ReportCell): boolean => scores.length > 0;

const pairsIn = (report: Report, contrast: Contrast): [ReportCell, ReportCell][] =>
  meaningful(report).flatMap((cell): [ReportCell, ReportCell][] => {
    const other = partner(report.cells, cell, contrast);
    return other !== undefined && scored(cell) && scored(other) ? [[cell, other]] : [];
  });

/** null where a recipe is not known. */
const differencesOf = (report: Report, [cell, other]: readonly [ReportCell, ReportCell]): string[] | null => {
  const [one, two] = [recipeOf(cell), recipeOf(other)];
  if (one === null || two === null) return null;
  return [...(checkpointOf(report, cell) === checkpointOf(report, other) ? [] : ["checkpoint"]), ...differences(one, two)];
};

const together = (found: readonly (readonly string[] | null)[]): PairRecipes["differing"] => {
  const settings = [...new Set(found.flatMap((one) => one ?? []))];
  const places = (setting: string): number[] => found.flatMap((one, pair) => (one?.includes(setting) ? [pair] : []));
  const groups = [...Map.groupBy(settings, (setting) => places(setting).join()).values()];
  return groups.map((group) => ({ settings: group, pairs: places(group[0] ?? "").length })).toSorted((a, b) => b.pairs - a.pairs);
};

/** What the pairs of a contrast do not have in common, beside their text. */
export const pairRecipes = (report: Report, contrast: Contrast): PairRecipes => {
  const found = pairsIn(report, contrast).map((pair) => differencesOf(report, pair));
  return { pairs: found.length, unknown: found.filter((one) => one === null).length, differing: together(found) };
};
