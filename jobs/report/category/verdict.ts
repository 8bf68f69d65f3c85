import { relatedTo } from "../language.ts";
import type { Measure } from "../measure.ts";
import type { ReportCell } from "../report.ts";
import { bootstrap, middle95, type Interval } from "../statistics/bootstrap.ts";
import type { Random } from "../statistics/random.ts";
import { changeOfPairs, overItems, overLanguages, pairsOf, sidesOf, type Pair } from "./change.ts";
import { isMet, isPredicted } from "./rule.ts";

/** A change in percent with its bootstrap interval. */
export interface Change extends Interval {
  readonly pct: number;
}

/**
 * Does something behave as its category predicts? All null as long as a score or its base is missing. Of a category
 * without a prediction only the changes are known, and a side without languages has none.
 */
export interface Verdict {
  readonly training: Change | null;
  readonly related: Change | null;
  readonly met: boolean | null;
  /** Share of the resamples, 0 to 1, that give the same answer. */
  readonly agreement: number | null;
}

export interface LanguageVerdict extends Verdict {
  /** The training language; its related languages are behind `related`. */
  readonly language: string;
}

/** The paper answers the question with this one (Table 3). */
export const decidingMeasure: Measure = { benchmark: "sib200", direction: null, metric: "accuracy" };

const unknown: Verdict = { training: null, related: null, met: null, agreement: null };

type Draw = (random: Random) => number | null;

interface Sides<Side> {
  readonly training: Side;
  readonly related: Side;
}

const change = (pairs: readonly Pair[], drawn: readonly (number | null)[]): Change | null => {
  const [pct, interval] = [changeOfPairs(pairs), middle95(drawn)];
  return pct === null || interval === null ? null : { pct, ...interval };
};

const decide = (category: string, trainingPct: number | null, relatedPct: number | null): boolean | null =>
  !isPredicted(category) || trainingPct === null || relatedPct === null ? null : isMet(category, { trainingPct, relatedPct });

const judge = (category: string, seed: string, { pairs, draw }: { pairs: Sides<Pair[]>; draw: Sides<Draw> }): Verdict => {
  const drawn = bootstrap(seed, (random) => ({ training: draw.training(random), related: draw.related(random) }));
  const training = change(pairs.training, drawn.map((one) => one.training));
  const related = change(pairs.related, drawn.map((one) => one.related));
  const met = decide(category, training?.pct ?? null, related?.pct ?? null);
  const same = drawn.filter((one) => decide(category, one.training, one.related) === met).length;
  return { training, related, met, agreement: met === null ? null : same / drawn.length };
};

/** No pairs, too, where there is no language to compare. */
const pairsFor = (cell: ReportCell, languages: readonly string[]): Pair[] | null => (languages.length === 0 ? [] : pairsOf(cell, decidingMeasure, languages));

const verdict = (cell: ReportCell, { training, related }: Sides<readonly string[]>, over: { seed: string; draws: (pairs: readonly Pair[]) => Draw }): Verdict => {
  const pairs = { training: pairsFor(cell, training), related: pairsFor(cell, related) };
  if (pairs.training === null || pairs.related === null) return unknown;
  const whole = { training: pairs.training, related: pairs.related };
  return judge(cell.category, over.seed, { pairs: whole, draw: { training: over.draws(whole.training), related: over.draws(whole.related) } });
};

/** The cell's verdict. Intervals: languages drawn with replacement, seeded by the cell's id. */
export const cellVerdict = (cell: ReportCell): Verdict => verdict(cell, sidesOf(cell), { seed: cell.id, draws: overLanguages });

/** The verdict of each training language of a cell with its related ones. Intervals: test items drawn with replacement. */
export const languageVerdicts = (cell: ReportCell): LanguageVerdict[] =>
  sidesOf(cell).training.map((language) => ({
    language,
    ...verdict(cell, { training: [language], related: relatedTo(language, cell.parts.category) }, { seed: `${cell.id} ${language}`, draws: overItems }),
  }));

/** Change of a cell's training and related languages in any measure, without intervals. */
export const plainChanges = (cell: ReportCell, measure: Measure): Sides<number | null> => {
  const { training, related } = sidesOf(cell);
  const of = (languages: readonly string[]): number | null => {
    const pairs = pairsOf(cell, measure, languages);
    return pairs && changeOfPairs(pairs);
  };
  return { training: of(training), related: of(related) };
};
