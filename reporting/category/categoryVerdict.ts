import type { Category } from "../../jobs/matrix/index.ts";
import type { Report, ReportCell } from "../reportModel.ts";
import type { Measure } from "../scoreMeasure.ts";
import { computeInterval95, runBootstrap } from "../statistics/bootstrap.ts";
import type { ConfidenceInterval } from "../statistics/bootstrap.ts";
import { listRelatedLanguages } from "../studyLanguages.ts";
import { hasPrediction, isPredictionMet } from "./predictionRule.ts";
import {
  computePairChange,
  listScorePairs,
  resampleLanguages,
  resampleTestItems,
  selectLanguageSides,
} from "./scoreChange.ts";
import type { ChangeDraw, LanguageSides, ScorePair } from "./scoreChange.ts";

/** A change in percent with its bootstrap interval. */
export interface ChangeEstimate extends ConfidenceInterval {
  readonly pct: number;
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
}

export interface LanguageVerdict extends CategoryVerdict {
  /** The training language; `related` is the change of its related languages. */
  readonly language: string;
}

/** The measure with which the paper answers the question (Table 3). */
export const decidingMeasure: Measure = { benchmark: "sib200", direction: null, metric: "accuracy" };

const unknownVerdict: CategoryVerdict = { training: null, related: null, met: null, agreement: null };

function estimateChange(pairs: readonly ScorePair[], drawn: readonly (number | null)[]): ChangeEstimate | null {
  const [pct, interval] = [computePairChange(pairs), computeInterval95(drawn)];
  return pct === null || interval === null ? null : { pct, ...interval };
}

function checkPrediction(category: string, trainingPct: number | null, relatedPct: number | null): boolean | null {
  return !hasPrediction(category) || trainingPct === null || relatedPct === null
    ? null
    : isPredictionMet(category, { trainingPct, relatedPct });
}

type SidePairs = LanguageSides<readonly ScorePair[]>;

interface Resampling {
  readonly seed: string;
  readonly buildDraw: (pairs: readonly ScorePair[]) => ChangeDraw;
}

function judgeSides(category: string, pairs: SidePairs, { seed, buildDraw }: Resampling): CategoryVerdict {
  const drawTraining = buildDraw(pairs.training);
  const drawRelated = buildDraw(pairs.related);
  const drawn = runBootstrap(seed, (random) => ({ training: drawTraining(random), related: drawRelated(random) }));
  const training = estimateChange(
    pairs.training,
    drawn.map((changes) => changes.training),
  );
  const related = estimateChange(
    pairs.related,
    drawn.map((changes) => changes.related),
  );
  const met = checkPrediction(category, training?.pct ?? null, related?.pct ?? null);
  const agreeing = drawn.filter((changes) => checkPrediction(category, changes.training, changes.related) === met);
  return { training, related, met, agreement: met === null ? null : agreeing.length / drawn.length };
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
  return training === null || related === null
    ? unknownVerdict
    : judgeSides(cell.category, { training, related }, resampling);
}

/** The cell's verdict. Intervals: languages drawn with replacement, seeded by the cell's id. */
export function judgeCell(cell: ReportCell): CategoryVerdict {
  return judgeLanguages(cell, selectLanguageSides(cell), { seed: cell.id, buildDraw: resampleLanguages });
}

/**
 * The verdict of each training language of a cell with its related languages. Intervals: test items drawn with
 * replacement.
 */
export function judgeCellLanguages(cell: ReportCell): LanguageVerdict[] {
  return selectLanguageSides(cell).training.map((language) => ({
    language,
    ...judgeLanguages(
      cell,
      { training: [language], related: listRelatedLanguages(language, cell.parts.category) },
      { seed: `${cell.id} ${language}`, buildDraw: resampleTestItems },
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

/** A report with its verdicts, which are computed once for the page and for the data. */
export interface JudgedReport extends Report {
  /** In the order of the cells, without models with other names, whose training text is unknown. */
  readonly judgedCells: readonly JudgedCell[];
}

export function judgeReport(report: Report): JudgedReport {
  return {
    ...report,
    judgedCells: report.cells
      .filter(({ kind }) => kind !== "named")
      .map((cell) => ({ cell, verdict: judgeCell(cell), languages: judgeCellLanguages(cell) })),
  };
}

export function selectCategoryCells({ judgedCells }: JudgedReport, { name }: Category): JudgedCell[] {
  return judgedCells.filter(({ cell }) => cell.category === name);
}
