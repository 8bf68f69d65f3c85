import { contrasts, groupRepeatedPairs, listCellPairs } from "./contrast.ts";
import type { Contrast } from "./contrast.ts";
import { listSubsetLanguages } from "./languageAverage.ts";
import type { LanguageSubset } from "./languageAverage.ts";
import { buildMeanDraw } from "./levelSampling.ts";
import type { MeanDraw } from "./levelSampling.ts";
import { countRuns, listRunScores, poolRepetitions } from "./repetitions.ts";
import type { Report, ReportCell } from "./reportModel.ts";
import { canPool, findScore, isComparable } from "./scoreIndex.ts";
import { buildMeasureKey } from "./scoreMeasure.ts";
import type { Measure } from "./scoreMeasure.ts";
import type { Score } from "./scoresConfigMap.ts";
import { computeInterval95, drawPositions, runLevelBootstrap } from "./statistics/bootstrap.ts";
import type { ConfidenceInterval, LevelSources, RandomSource } from "./statistics/bootstrap.ts";
import { adjustHolm, significanceLevel } from "./statistics/holm.ts";
import { computeMean } from "./statistics/mean.ts";
import { computeSignFlipP } from "./statistics/signFlipTest.ts";

/** With fewer pairs no two-sided test of signs can reach 5 %: the smallest p-value of five pairs is 2 / 2^5 = 6.3 %. */
export const minimumPairs = 6;

/** The effect of a contrast on the mean score of a subset of the languages, in points. */
export interface ContrastEffect {
  /**
   * Pairs of cells whose text differs in the contrast alone and that both have scores. Pairs of one model, category and
   * mixtures that differ in other settings count as one, with their mean.
   */
  readonly pairs: number;
  /** Pairs in which the second cell has the higher mean. */
  readonly higher: number;
  readonly without: number;
  readonly with: number;
  readonly difference: number;
  /** Interval of a hierarchical bootstrap: pairs, seeds, languages and items; null for miniatures and too few pairs. */
  readonly interval: ConfidenceInterval | null;
  /** Two-sided p-value of the sign-flip test over pairs; null like the interval. */
  readonly pValue: number | null;
}

interface EffectOptions {
  readonly measure: Measure;
  readonly part: LanguageSubset;
}

const listedSubsets = ["training", "related"] as const;

/** The effect of one contrast among all effects of a report. */
export interface ListedEffect extends ContrastEffect {
  readonly contrast: Contrast;
  readonly measure: Measure;
  readonly part: (typeof listedSubsets)[number];
  /** The p-value, corrected by Holm's method for all effects of the report. */
  readonly adjustedP: number | null;
}

/** Returns true if an effect is significant after the correction for the number of effects. */
export function isSignificant({ adjustedP }: Pick<ListedEffect, "adjustedP">): boolean {
  return adjustedP !== null && adjustedP < significanceLevel;
}

/** A cell's scores of the compared languages. */
interface ScoredSide {
  readonly mean: number;
  readonly runs: number;
  readonly draw: MeanDraw;
}

interface ScoredPair {
  /** Pairs of one category share their languages, which a resample draws once for all of them. */
  readonly category: string;
  readonly languages: number;
  readonly scores: readonly Score[];
  readonly sides: readonly [ScoredSide, ScoredSide];
}

/** Scores of both cells for one language; null if one is missing or they are not comparable. */
function findComparableScores(cells: readonly [ReportCell, ReportCell], measure: Measure, language: string) {
  const [one, other] = cells.map(({ scoreIndex }) => findScore(scoreIndex, measure, language));
  return one !== undefined && other !== undefined && isComparable(one, other) ? ([one, other] as const) : null;
}

function buildScoredSide(
  cell: ReportCell,
  { measure, languages }: { measure: Measure; languages: readonly string[] },
): ScoredSide {
  const scores = languages.map((language) => listRunScores(cell, measure, language));
  const values = languages.map((language) => findScore(cell.scoreIndex, measure, language)?.value ?? 0);
  return { mean: computeMean(values) ?? 0, runs: countRuns(cell), draw: buildMeanDraw(scores) };
}

/** The compared scores of two cells; none if a language lacks one of them. */
function scorePair(report: Report, cells: readonly [ReportCell, ReportCell], options: EffectOptions): ScoredPair[] {
  const { measure } = options;
  const languages = [...new Set(cells.flatMap((cell) => listSubsetLanguages(report, cell, options)))];
  const scores = languages.map((language) => findComparableScores(cells, measure, language));
  if (languages.length === 0 || scores.includes(null)) return [];
  const sides = cells.map((cell) => buildScoredSide(cell, { measure, languages }));
  return [
    {
      category: `${cells[0].category} ${languages.join()}`,
      languages: languages.length,
      scores: scores.flatMap((pair) => pair ?? []),
      sides: sides as [ScoredSide, ScoredSide],
    },
  ];
}

function computePairDifference({ sides: [without, withIt] }: ScoredPair): number {
  return withIt.mean - without.mean;
}

/** The languages of each category that a resample draws, the same ones for all of its pairs. */
type DrawnLanguages = ReadonlyMap<string, readonly number[]>;

/** Sources that all give the same random numbers, one source for each call. */
function shareNumbers(random: RandomSource): () => RandomSource {
  const numbers: number[] = [];
  return () => {
    let position = 0;
    return () => (numbers[position++] ??= random());
  };
}

/** The difference of one pair with the drawn languages, and with seeds and items that are drawn here. */
function drawPairDifference(
  { category, sides: [without, withIt] }: ScoredPair,
  languagesByCategory: DrawnLanguages,
  { seeds, items }: Pick<LevelSources, "seeds" | "items">,
): number {
  const languages = languagesByCategory.get(category) ?? [];
  const before = without.draw({ languages, runs: drawPositions(without.runs, seeds) }, items);
  return withIt.draw({ languages, runs: drawPositions(withIt.runs, seeds) }, items) - before;
}

/** Pairs that repeat one comparison with other settings. */
type RepeatedPairs = readonly ScoredPair[];

function averagePairs(repeated: readonly RepeatedPairs[], compute: (pair: ScoredPair) => number): number[] {
  return repeated.flatMap((pairs) => computeMean(pairs.map(compute)) ?? []);
}

/** The mean difference of pairs that repeat one comparison: like seeds, they answered the same items. */
function drawRepeatedDifference(pairs: RepeatedPairs, drawn: DrawnLanguages, { seeds, items }: LevelSources): number {
  const startItems = shareNumbers(items);
  const differences = pairs.map((pair) => drawPairDifference(pair, drawn, { seeds, items: startItems() }));
  return computeMean(differences) ?? 0;
}

/** Draws comparisons, the languages of each category, the seeds of each cell, and items. */
function estimateEffectInterval(repeated: readonly RepeatedPairs[], seed: string): ConfidenceInterval | null {
  const categories = [...new Map(repeated.flat().map(({ category, languages }) => [category, languages]))];
  return computeInterval95(
    runLevelBootstrap(seed, (random) => {
      const drawn = new Map(categories.map(([name, count]) => [name, drawPositions(count, random.languages)]));
      return computeMean(
        drawPositions(repeated.length, random.pairs).map((position) =>
          drawRepeatedDifference(repeated[position] ?? [], drawn, random),
        ),
      );
    }),
  );
}

/** The scores of all pairs of a contrast; empty if their signatures differ, because such scores are not pooled. */
function listScoredPairs(report: Report, contrast: Contrast, options: EffectOptions): RepeatedPairs[] {
  const pooled = poolRepetitions(report);
  const repeated = groupRepeatedPairs(listCellPairs(pooled, contrast))
    .map((pairs) => pairs.flatMap((cells) => scorePair(pooled, cells, options)))
    .filter((pairs) => pairs.length > 0);
  return canPool(repeated.flat().flatMap(({ scores }) => scores)) ? repeated : [];
}

/** Compares all pairs of cells whose text differs in the contrast alone; null if there are none. */
export function computeContrastEffect(
  report: Report,
  contrast: Contrast,
  options: EffectOptions,
): ContrastEffect | null {
  const pairs = listScoredPairs(report, contrast, options);
  const differences = averagePairs(pairs, computePairDifference);
  const [difference, meanWithout, meanWith] = [
    computeMean(differences),
    computeMean(averagePairs(pairs, ({ sides }) => sides[0].mean)),
    computeMean(averagePairs(pairs, ({ sides }) => sides[1].mean)),
  ];
  if (difference === null || meanWithout === null || meanWith === null) return null;
  const isTested = report.miniature !== "whole" && pairs.length >= minimumPairs;
  const seed = `${contrast} ${options.part}`;
  return {
    pairs: pairs.length,
    higher: differences.filter((points) => points > 0).length,
    without: meanWithout,
    with: meanWith,
    difference,
    interval: isTested ? estimateEffectInterval(pairs, seed) : null,
    pValue: isTested ? computeSignFlipP(differences, seed) : null,
  };
}

/** The effects of all contrasts on all measures, for training and for related languages. */
export function listContrastEffects(report: Report): ListedEffect[] {
  const pooled = poolRepetitions(report);
  const found = contrasts.flatMap((contrast) =>
    report.measures.flatMap((measure) =>
      listedSubsets.flatMap((part) => {
        const effect = computeContrastEffect(pooled, contrast, { measure, part });
        return effect === null ? [] : [{ ...effect, contrast, measure, part }];
      }),
    ),
  );
  const adjusted = adjustHolm(found.map(({ pValue }) => pValue));
  return found.map((effect, index) => ({ ...effect, adjustedP: adjusted[index] ?? null }));
}

/** The effect of a contrast on one measure and subset of the languages; undefined if no pair has scores. */
export function findEffect(
  effects: readonly ListedEffect[],
  contrast: Contrast,
  { measure, part }: EffectOptions,
): ListedEffect | undefined {
  return effects.find(
    (effect) =>
      effect.contrast === contrast &&
      effect.part === part &&
      buildMeasureKey(effect.measure) === buildMeasureKey(measure),
  );
}
