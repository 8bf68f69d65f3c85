import type { Score } from "./scoresConfigMap.ts";

/** The quantity that a score measures, apart from the language. */
export type Measure = Pick<Score, "benchmark" | "direction" | "metric">;

/** The part of a measure's name that is the same for all of its metrics. */
type BenchmarkTask = Omit<Measure, "metric">;

const benchmarkNames: Record<string, string> = { sib200: "SIB-200", flores200: "FLORES-200" };
const directionNames: Record<string, string> = { "xx-eng": "X → English", "eng-xx": "English → X" };
const metricNames: Record<string, string> = {
  accuracy: "accuracy",
  bleu: "BLEU",
  chrfpp: "chrF++",
  "chrf++": "chrF++",
};
/** Metrics in percent, also those of lm-evaluation-harness (images/evaluate, harness_results.py). */
const percentMetrics = ["accuracy", "acc", "acc_norm", "acc_mutual_info", "acc_bytes", "exact_match", "f1", "mcc"];

function lookUpName(names: Record<string, string>, key: string): string {
  return names[key.toLowerCase()] ?? key;
}

export function formatTaskName({ benchmark, direction }: BenchmarkTask): string {
  return [lookUpName(benchmarkNames, benchmark), direction === null ? [] : lookUpName(directionNames, direction)]
    .flat()
    .join(", ");
}

export function formatMetricName(metric: string): string {
  const [name = metric] = metric.toLowerCase().split(",");
  return lookUpName(metricNames, metric) + (percentMetrics.includes(name) ? " (%)" : "");
}

export function formatMeasureName(measure: Measure): string {
  return `${formatTaskName(measure)}: ${formatMetricName(measure.metric)}`;
}

export function buildMeasureKey({ benchmark, direction, metric }: Measure): string {
  return [benchmark, direction ?? "", metric].join("/");
}

export function isSameMeasure(one: Measure, other: Measure): boolean {
  return buildMeasureKey(one) === buildMeasureKey(other);
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
  const position = measureOrder.indexOf(buildMeasureKey(measure).replace("chrfpp", "chrf++"));
  return position === -1 ? measureOrder.length : position;
}

/** The distinct measures of some scores, in the paper's order: classification, then translation into English. */
export function listMeasures(scores: readonly Score[]): Measure[] {
  const distinct = new Map(
    scores.map(({ benchmark, direction, metric }) => {
      const measure = { benchmark, direction, metric };
      return [buildMeasureKey(measure), measure] as const;
    }),
  );
  return [...distinct.values()].sort(
    (a, b) => rankMeasure(a) - rankMeasure(b) || buildMeasureKey(a).localeCompare(buildMeasureKey(b)),
  );
}
