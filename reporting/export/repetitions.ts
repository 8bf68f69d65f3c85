import { computeMean } from "../statistics/mean.ts";

/** Standard deviation of a sample, with n - 1 in the denominator; null for fewer than two values. */
export function computeSampleDeviation(values: readonly number[]): number | null {
  const mean = computeMean(values);
  if (mean === null || values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** A number of a LaTeX table: one value, or the mean of repetitions with their standard deviation; a dash without. */
export function formatRepetitions(values: readonly number[], isBold = false): string {
  const mean = computeMean(values);
  if (mean === null) return "--";
  const number = mean
    .toFixed(2)
    .replace(/^-(?=.*[1-9])/, "$-$")
    .replace(/^-/, "");
  const deviation = computeSampleDeviation(values);
  const text = isBold ? `\\textbf{${number}}` : number;
  return deviation === null ? text : `${text} {\\scriptsize$\\pm$${deviation.toFixed(2)}}`;
}
