import { computeMean, computeStandardDeviation } from "../statistics/mean.ts";

/** A number of a LaTeX table: one value, or the mean of repetitions with their standard deviation; a dash without. */
export function formatRepetitions(values: readonly number[], isBold = false): string {
  const mean = computeMean(values);
  if (mean === null) return "--";
  const number = mean
    .toFixed(2)
    .replace(/^-(?=.*[1-9])/, "$-$")
    .replace(/^-/, "");
  const deviation = computeStandardDeviation(values);
  const text = isBold ? `\\textbf{${number}}` : number;
  return deviation === null ? text : `${text} {\\scriptsize$\\pm$${deviation.toFixed(2)}}`;
}
