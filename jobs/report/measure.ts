import type { Score } from "./scores.ts";

/** What a score measures, apart from the language. */
export type Measure = Pick<Score, "benchmark" | "direction" | "metric">;

/** The part of a measure's name that is the same for all of its metrics. */
export type Task = Omit<Measure, "metric">;

const benchmarkNames: Record<string, string> = { sib200: "SIB-200", flores200: "FLORES-200" };
const directionNames: Record<string, string> = { "xx-eng": "X → English", "eng-xx": "English → X" };
const metricNames: Record<string, string> = { accuracy: "accuracy", bleu: "BLEU", chrfpp: "chrF++", "chrf++": "chrF++" };
const units: Record<string, string> = { accuracy: " (%)" };

const named = (names: Record<string, string>, key: string): string => names[key.toLowerCase()] ?? key;

export const taskName = ({ benchmark, direction }: Task): string =>
  [named(benchmarkNames, benchmark), direction === null ? [] : named(directionNames, direction)].flat().join(", ");

export const metricName = (metric: string): string => named(metricNames, metric) + (units[metric.toLowerCase()] ?? "");

export const measureName = (measure: Measure): string => `${taskName(measure)}: ${metricName(measure.metric)}`;

export const measureKey = ({ benchmark, direction, metric }: Measure): string => [benchmark, direction ?? "", metric].join("/");

/** Percent that guessing reaches, where it is known: SIB-200 has seven topics. */
export const chanceLevel = ({ benchmark, metric }: Measure): number | null =>
  benchmark === "sib200" && metric === "accuracy" ? 100 / 7 : null;

const order = ["sib200//accuracy", "flores200/xx-eng/bleu", "flores200/xx-eng/chrf++", "flores200/eng-xx/bleu", "flores200/eng-xx/chrf++"];

const rank = (measure: Measure): number => {
  const at = order.indexOf(measureKey(measure).replace("chrfpp", "chrf++"));
  return at === -1 ? order.length : at;
};

/** The different measures among some scores, in the order of the paper: classification, then translation into English. */
export const measuresOf = (scores: readonly Score[]): Measure[] => {
  const distinct = new Map(scores.map(({ benchmark, direction, metric }) => {
    const measure = { benchmark, direction, metric };
    return [measureKey(measure), measure] as const;
  }));
  return [...distinct.values()].sort((a, b) => rank(a) - rank(b) || measureKey(a).localeCompare(measureKey(b)));
};
