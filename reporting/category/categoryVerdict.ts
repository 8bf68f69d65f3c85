import type { Category } from "../../jobs/matrix/index.ts";
import { listContrastEffects } from "../contrastEffect.ts";
import type { ListedEffect } from "../contrastEffect.ts";
import { countRuns, poolRepetitions } from "../repetitions.ts";
import type { Report, ReportCell } from "../reportModel.ts";
import type { Measure } from "../scoreMeasure.ts";
import { computeInterval95, drawPositions, runLevelBootstrap } from "../statistics/bootstrap.ts";
import type { ConfidenceInterval } from "../statistics/bootstrap.ts";
import { computeStandardDeviation } from "../statistics/mean.ts";
import { listRelatedLanguages } from "../studyLanguages.ts";
import { adjustByModel, computeLanguageP } from "./languageTest.ts";
import { hasPrediction, isPredictionMet } from "./predictionRule.ts";
import { buildChangeDraw, computePairChange, listScorePairs, selectLanguageSides } from "./scoreChange.ts";
import type { LanguageSides, ScorePair } from "./scoreChange.ts";
import { findSideReason } from "./verdictLimits.ts";
import type { WithheldReason } from "./verdictLimits.ts";

/** A change in percent. */
export interface ChangeEstimate {
  readonly pct: number;
  /** Bootstrap interval; null if it is withheld. */
  readonly interval: ConfidenceInterval | null;
  /** Standard deviation of the change over the cell's runs; null for a single run. */
  readonly seedDeviation: number | null;
}

/**
 * Verdict on whether a cell or language behaves as its category predicts. Everything is null while a score or its base
 * is missing. For a category without a prediction only the changes are known. A side without languages has no change.
 */
export interface CategoryVerdict {
  readonly training: ChangeEstimate | null;
  readonly related: ChangeEstimate | null;
  readonly met: boolean | null;
  /** Share of the resamples, 0 to 1, that give the same answer. */
  readonly agreement: number | null;
  /** Reason for withholding the verdict and at least one interval. */
  readonly withheld: WithheldReason | null;
}

export interface LanguageVerdict extends CategoryVerdict {
  /** The training language; `related` is the change of its related languages. */
  readonly language: string;
  /** p-value of Fisher's exact test of the training language's correct items before and after; null if withheld. */
  readonly pValue: number | null;
}

/** A language's verdict with a p-value that is corrected for the number of languages. */
export interface TestedVerdict extends LanguageVerdict {
  /** By Holm's method, for all languages and mixtures of one model. */
  readonly adjustedP: number | null;
}

/** The measure with which the paper answers the question (Table 3). */
export const decidingMeasure: Measure = { benchmark: "sib200", direction: null, metric: "accuracy" };

const unknownVerdict: CategoryVerdict = { training: null, related: null, met: null, agreement: null, withheld: null };

/** Standard deviation of the changes of a cell's runs; null for a single run. */
function computeChangeDeviation(pairs: readonly ScorePair[], runs: number): number | null {
  const changes = Array.from({ length: runs }, (_, run) =>
    computePairChange(pairs.map(({ before, after, runs: scores }) => ({ before, after: scores[run] ?? after }))),
  );
  return computeStandardDeviation(changes.filter((change) => change !== null));
}

function checkPrediction(category: string, trainingPct: number | null, relatedPct: number | null): boolean | null {
  return !hasPrediction(category) || trainingPct === null || relatedPct === null
    ? null
    : isPredictionMet(category, { trainingPct, relatedPct });
}

type SidePairs = LanguageSides<readonly ScorePair[]>;

interface Resampling {
  readonly seed: string;
  /** True if the languages stand for others of the kind; false if they are meant themselves. */
  readonly isSample: boolean;
}

type DrawnChanges = readonly LanguageSides<number | null>[];

/** Draws the changes of both sides, which are those of the same runs. */
function drawChanges(cell: ReportCell, pairs: SidePairs, { seed, isSample }: Resampling): DrawnChanges {
  const [drawTraining, drawRelated] = [pairs.training, pairs.related].map((side) => buildChangeDraw(side, isSample));
  const count = countRuns(cell);
  return runLevelBootstrap(seed, (random) => {
    const drawn = { runs: drawPositions(count, random.seeds) };
    return { training: drawTraining?.(drawn, random) ?? null, related: drawRelated?.(drawn, random) ?? null };
  });
}

function judgeSides(cell: ReportCell, pairs: SidePairs, resampling: Resampling): CategoryVerdict {
  const isMiniature = cell.family === "tiny";
  const drawn = isMiniature ? [] : drawChanges(cell, pairs, resampling);
  const findReason = (side: readonly ScorePair[]): WithheldReason | null =>
    isMiniature ? "miniature" : findSideReason(side, resampling.isSample);
  const estimate = (side: keyof SidePairs): ChangeEstimate | null => {
    const pct = computePairChange(pairs[side]);
    const interval = findReason(pairs[side]) === null ? computeInterval95(drawn.map((one) => one[side])) : null;
    return pct === null ? null : { pct, interval, seedDeviation: computeChangeDeviation(pairs[side], countRuns(cell)) };
  };
  const [training, related] = [estimate("training"), estimate("related")];
  const withheld = findReason(pairs.training) ?? findReason(pairs.related);
  const met = withheld === null ? checkPrediction(cell.category, training?.pct ?? null, related?.pct ?? null) : null;
  const agreeing = drawn.filter((one) => checkPrediction(cell.category, one.training, one.related) === met);
  return { training, related, met, agreement: met === null ? null : agreeing.length / drawn.length, withheld };
}

/** The pairs of some languages: empty without languages, null if a score is missing. */
function listSidePairs(cell: ReportCell, languages: readonly string[]): ScorePair[] | null {
  return languages.length === 0 ? [] : listScorePairs(cell, decidingMeasure, languages);
}

function judgeLanguages(
  cell: ReportCell,
  languages: LanguageSides<readonly string[]>,
  resampling: Resampling,
): CategoryVerdict {
  const training = listSidePairs(cell, languages.training);
  const related = listSidePairs(cell, languages.related);
  return training === null || related === null ? unknownVerdict : judgeSides(cell, { training, related }, resampling);
}

/** The cell's verdict. Intervals: seeds, languages and items are drawn, seeded by the cell's id. */
export function judgeCell(cell: ReportCell): CategoryVerdict {
  return judgeLanguages(cell, selectLanguageSides(cell), { seed: cell.withoutSeed, isSample: true });
}

/** The verdict of each training language of a cell with its related languages. Intervals: seeds and items are drawn. */
export function judgeCellLanguages(cell: ReportCell): LanguageVerdict[] {
  return selectLanguageSides(cell).training.map((language) => {
    const languages = { training: [language], related: listRelatedLanguages(language, cell.parts.category) };
    const verdict = judgeLanguages(cell, languages, { seed: `${cell.withoutSeed} ${language}`, isSample: false });
    const [pair] = listSidePairs(cell, [language]) ?? [];
    const isTested = pair !== undefined && (verdict.training?.interval ?? null) !== null;
    return { language, ...verdict, pValue: isTested ? computeLanguageP(pair) : null };
  });
}

/** Change of a cell's training and related languages in any measure, without intervals. */
export function computePlainChanges(cell: ReportCell, measure: Measure): LanguageSides<number | null> {
  const { training, related } = selectLanguageSides(cell);
  const computeSideChange = (languages: readonly string[]): number | null => {
    const pairs = listScorePairs(cell, measure, languages);
    return pairs && computePairChange(pairs);
  };
  return { training: computeSideChange(training), related: computeSideChange(related) };
}

/** A cell with the answers to the study's question. */
export interface JudgedCell {
  /** For an experiment that was repeated with other seeds, the cell with the means of its runs. */
  readonly cell: ReportCell;
  readonly verdict: CategoryVerdict;
  readonly languages: readonly TestedVerdict[];
}

/** A report with its verdicts, which are computed once for the page and for the data. */
export interface JudgedReport extends Report {
  /**
   * In the order of the cells; runs that repeat one another are one cell. Without models with other names, whose
   * training text is unknown.
   */
  readonly judgedCells: readonly JudgedCell[];
  /** The effects of code and of bilingual text. */
  readonly effects: readonly ListedEffect[];
}

export function judgeReport(report: Report): JudgedReport {
  const judged = poolRepetitions(report)
    .cells.filter(({ kind }) => kind !== "named")
    .map((cell) => ({ cell, verdict: judgeCell(cell), languages: judgeCellLanguages(cell) }));
  const models = [...Map.groupBy(judged, ({ cell }) => cell.group).values()];
  const adjusted = adjustByModel(models.map((cells) => cells.flatMap(({ languages }) => languages)));
  const judgedCells = judged.map((one) => ({
    ...one,
    languages: one.languages.map((verdict) => ({ ...verdict, adjustedP: adjusted.get(verdict) ?? null })),
  }));
  return { ...report, judgedCells, effects: listContrastEffects(report) };
}

export function selectCategoryCells({ judgedCells }: JudgedReport, { name }: Category): JudgedCell[] {
  return judgedCells.filter(({ cell }) => cell.category === name);
}
