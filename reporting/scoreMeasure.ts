import { listVariants, matchesVariant } from "./metricSignature.ts";
import type { Score } from "./scoresConfigMap.ts";

/** The benchmark, direction and metric of a score. */
type MetricName = Pick<Score, "benchmark" | "direction" | "metric">;

/** The quantity that a score measures, apart from the language. */
export interface Measure extends MetricName {
  /** The parts of the signature that its scores have, if a report has scores of other signatures: `tok:flores200`. */
  readonly variant?: string;
}

/** The part of a measure's name that is the same for all of its metrics. */
type BenchmarkTask = Pick<Measure, "benchmark" | "direction">;

/** The share of translations that are in the target language (images/evaluate, language_identification.py). */
const targetLanguageMetric = "target_language";

const benchmarkNames: Record<string, string> = { sib200: "SIB-200", flores200: "FLORES-200" };
const directionNames: Record<string, string> = { "xx-eng": "X → English", "eng-xx": "English → X" };
const metricNames: Record<string, string> = {
  accuracy: "accuracy",
  bleu: "BLEU",
  chrfpp: "chrF++",
  "chrf++": "chrF++",
  [targetLanguageMetric]: "in the target language",
};
/** Metrics that are the share of right items, also those of lm-evaluation-harness. */
const itemShareMetrics = [
  ...["accuracy", "acc", "acc_norm", "acc_mutual_info", "acc_bytes", "exact_match"],
  targetLanguageMetric,
];
/** Metrics in percent (images/evaluate, harness_results.py). */
const percentMetrics = [...itemShareMetrics, "f1", "mcc"];

/** The name of a metric without the filter of lm-evaluation-harness: `acc` of `acc,none`. */
function removeFilterName(metric: string): string {
  return metric.toLowerCase().split(",")[0] ?? metric;
}

/** Returns true if a metric is the share of right items in percent, so that its items can be drawn. */
export function isItemShare(metric: string): boolean {
  return itemShareMetrics.includes(removeFilterName(metric));
}

function lookUpName(names: Record<string, string>, key: string): string {
  return names[key.toLowerCase()] ?? key;
}

export function formatTaskName({ benchmark, direction }: BenchmarkTask): string {
  return [lookUpName(benchmarkNames, benchmark), direction === null ? [] : lookUpName(directionNames, direction)]
    .flat()
    .join(", ");
}

export function formatMetricName(metric: string): string {
  return lookUpName(metricNames, metric) + (percentMetrics.includes(removeFilterName(metric)) ? " (%)" : "");
}

export function formatMeasureName(measure: Measure): string {
  const name = `${formatTaskName(measure)}: ${formatMetricName(measure.metric)}`;
  return measure.variant === undefined ? name : `${name} [${measure.variant}]`;
}

/** The key of a measure without its variant. */
export function buildMetricKey({ benchmark, direction, metric }: MetricName): string {
  return [benchmark, direction ?? "", metric].join("/");
}

export function buildMeasureKey(measure: Measure): string {
  const key = buildMetricKey(measure);
  return measure.variant === undefined ? key : `${key}/${measure.variant}`;
}

/** Returns true if two measures are the same apart from variants. Without keys, because it runs for every score. */
export function isSameMeasure(one: MetricName, other: MetricName): boolean {
  return one.metric === other.metric && one.benchmark === other.benchmark && one.direction === other.direction;
}

/** Returns true if a score is a value of a measure. */
export function isScoreOf(score: Score, measure: Measure): boolean {
  return (
    isSameMeasure(score, measure) && (measure.variant === undefined || matchesVariant(score.signature, measure.variant))
  );
}

/** Returns true if a measure is the share of translations in the target language. The paper has no such number. */
export function measuresLanguage({ metric }: Measure): boolean {
  return metric === targetLanguageMetric;
}

/** Accuracy of guessing in percent, if it is known: SIB-200 has seven topics. */
export function computeChanceLevel({ benchmark, metric }: Measure): number | null {
  return benchmark === "sib200" && metric === "accuracy" ? 100 / 7 : null;
}

const measureOrder = [
  "sib200//accuracy",
  "flores200/xx-eng/bleu",
  "flores200/xx-eng/chrf++",
  "flores200/eng-xx/bleu",
  "flores200/eng-xx/chrf++",
];

function rankMeasure(measure: Measure): number {
  const position = measureOrder.indexOf(buildMetricKey(measure).replace("chrfpp", "chrf++"));
  return position === -1 ? measureOrder.length : position;
}

/** One measure for each variant of a metric, or one for all scores of a metric without variants. */
function splitIntoVariants(scores: readonly Score[]): Measure[] {
  const [first] = scores;
  if (first === undefined) return [];
  const { benchmark, direction, metric } = first;
  const variants = listVariants([...new Set(scores.map(({ signature }) => signature))]);
  const measure = { benchmark, direction, metric };
  return variants.length === 0 ? [measure] : variants.map((variant) => ({ ...measure, variant }));
}

/**
 * The distinct measures of some scores, in the paper's order: classification, then translation into English. Scores of
 * one metric with different signatures are different measures.
 */
export function listMeasures(scores: readonly Score[]): Measure[] {
  return [...Map.groupBy(scores, buildMetricKey).values()]
    .flatMap(splitIntoVariants)
    .sort((a, b) => rankMeasure(a) - rankMeasure(b) || buildMeasureKey(a).localeCompare(buildMeasureKey(b), "en"));
}
