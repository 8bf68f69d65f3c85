import type { Report, ReportCell } from "../reportModel.ts";
import type { Measure } from "../scoreMeasure.ts";
import { computeInterval95, runBootstrap } from "../statistics/bootstrap.ts";
import type { ConfidenceInterval, RandomSource } from "../statistics/bootstrap.ts";
import { listRelatedLanguages } from "../studyLanguages.ts";
import { hasPrediction, isPredictionMet } from "./predictionRule.ts";
import {
  computePairChange,
  listScorePairs,
  resampleLanguages,
  resampleTestItems,
  selectLanguageSides,
} from "./scoreChange.ts";
import type { ScorePair } from "./scoreChange.ts";

/** A change in percent with its bootstrap interval. */
export interface ChangeEstimate extends ConfidenceInterval {
  readonly pct: number;
}

/**
 * Does something behave as its category predicts? All null as long as a score or its base is missing. Of a category
 * without a prediction only the changes are known, and a side without languages has none.
 */
export interface CategoryVerdict {
  readonly training: ChangeEstimate | null;
  readonly related: ChangeEstimate | null;
  readonly met: boolean | null;
  /** Share of the resamples, 0 to 1, that give the same answer. */
  readonly agreement: number | null;
}

export interface LanguageVerdict extends CategoryVerdict {
  /** The training language; its related languages are behind `related`. */
  readonly language: string;
}

/** The paper answers the question with this one (Table 3). */
export const decidingMeasure: Measure = { benchmark: "sib200", direction: null, metric: "accuracy" };

const unknownVerdict: CategoryVerdict = { training: null, related: null, met: null, agreement: null };

type Draw = (random: RandomSource) => number | null;

interface LanguageSides<Side> {
  readonly training: Side;
  readonly related: Side;
}

function estimateChange(pairs: readonly ScorePair[], drawn: readonly (number | null)[]): ChangeEstimate | null {
  const [pct, interval] = [computePairChange(pairs), computeInterval95(drawn)];
  return pct === null || interval === null ? null : { pct, ...interval };
}

function checkPrediction(category: string, trainingPct: number | null, relatedPct: number | null): boolean | null {
  return !hasPrediction(category) || trainingPct === null || relatedPct === null
    ? null
    : isPredictionMet(category, { trainingPct, relatedPct });
}

function judgeSides(
  category: string,
  seed: string,
  { pairs, draw }: { pairs: LanguageSides<ScorePair[]>; draw: LanguageSides<Draw> },
): CategoryVerdict {
  const drawn = runBootstrap(seed, (random) => ({ training: draw.training(random), related: draw.related(random) }));
  const training = estimateChange(
    pairs.training,
    drawn.map((one) => one.training),
  );
  const related = estimateChange(
    pairs.related,
    drawn.map((one) => one.related),
  );
  const met = checkPrediction(category, training?.pct ?? null, related?.pct ?? null);
  const same = drawn.filter((one) => checkPrediction(category, one.training, one.related) === met).length;
  return { training, related, met, agreement: met === null ? null : same / drawn.length };
}

/** No pairs, too, where there is no language to compare. */
function listSidePairs(cell: ReportCell, languages: readonly string[]): ScorePair[] | null {
  return languages.length === 0 ? [] : listScorePairs(cell, decidingMeasure, languages);
}

function judgeLanguages(
  cell: ReportCell,
  { training, related }: LanguageSides<readonly string[]>,
  over: { seed: string; draws: (pairs: readonly ScorePair[]) => Draw },
): CategoryVerdict {
  const pairs = { training: listSidePairs(cell, training), related: listSidePairs(cell, related) };
  if (pairs.training === null || pairs.related === null) return unknownVerdict;
  const whole = { training: pairs.training, related: pairs.related };
  return judgeSides(cell.category, over.seed, {
    pairs: whole,
    draw: { training: over.draws(whole.training), related: over.draws(whole.related) },
  });
}

/** The cell's verdict. Intervals: languages drawn with replacement, seeded by the cell's id. */
export function judgeCell(cell: ReportCell): CategoryVerdict {
  return judgeLanguages(cell, selectLanguageSides(cell), { seed: cell.id, draws: resampleLanguages });
}

/** The verdict of each training language of a cell with its related ones. Intervals: test items drawn with replacement. */
export function judgeCellLanguages(cell: ReportCell): LanguageVerdict[] {
  return selectLanguageSides(cell).training.map((language) => ({
    language,
    ...judgeLanguages(
      cell,
      { training: [language], related: listRelatedLanguages(language, cell.parts.category) },
      { seed: `${cell.id} ${language}`, draws: resampleTestItems },
    ),
  }));
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
  readonly cell: ReportCell;
  readonly verdict: CategoryVerdict;
  readonly languages: readonly LanguageVerdict[];
}

/** A report with its verdicts: they are drawn once, for the page and for the data. */
export interface JudgedReport extends Report {
  /** In the order of the cells. */
  readonly judgedCells: readonly JudgedCell[];
}

export function judgeReport(report: Report): JudgedReport {
  return {
    ...report,
    judgedCells: report.cells.map((cell) => ({ cell, verdict: judgeCell(cell), languages: judgeCellLanguages(cell) })),
  };
}
