type AxisInterval = readonly [number, number];

/** Builds a function that maps a domain linearly to a range; a domain without width maps to the middle. */
export function buildLinearScale([low, high]: AxisInterval, [start, end]: AxisInterval) {
  return (value: number): number =>
    high === low ? (start + end) / 2 : start + ((value - low) / (high - low)) * (end - start);
}

/** A round step (1, 2 or 5 times a power of ten) that divides `width` into about `count` parts. */
function computeRoundStep(width: number, count: number): number {
  const rough = width / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5].find((candidate) => rough <= candidate * power) ?? 10;
  return factor * power;
}

/** Number of decimals that a multiple of the step needs. */
function countDecimals(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}

/** The interval of an axis, and its ticks with their texts. */
export interface PlotAxis {
  readonly domain: AxisInterval;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

function filterFinite(values: readonly number[]): number[] {
  return values.filter(Number.isFinite);
}

interface PlotAxisOptions {
  /** Approximate number of intervals between ticks. */
  readonly count: number;
  /** Values, such as 0, that the axis must include. */
  readonly cover?: readonly number[];
  /** Ends the axis at the outermost values instead of the next tick. */
  readonly tight?: boolean;
}

/** An axis over the values, with round ticks. */
export function buildPlotAxis(
  values: readonly number[],
  { count, cover = [], tight = false }: PlotAxisOptions,
): PlotAxis {
  const all = filterFinite([...values, ...cover]);
  const low = all.reduce((a, b) => Math.min(a, b), Infinity);
  const high = all.reduce((a, b) => Math.max(a, b), -Infinity);
  if (all.length === 0) return buildPlotAxis([0, 1], { count });
  if (low === high) return buildPlotAxis([low, low + 1], { count });
  const step = computeRoundStep(high - low, count);
  const [first, last] = tight
    ? [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)]
    : [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => ({
    value: (first + index) * step,
    text: ((first + index) * step).toFixed(countDecimals(step)),
  }));
  return { domain: tight ? [low, high] : [first * step, last * step], ticks };
}

/** Coordinate rounded to a tenth of a pixel, which halves the size of the page. */
export function formatCoordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}
