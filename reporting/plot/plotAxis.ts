export type AxisInterval = readonly [number, number];

/** Maps a domain linearly to a range; a domain of no width maps to the middle. */
export function buildLinearScale([low, high]: AxisInterval, [start, end]: AxisInterval) {
  return (value: number): number =>
    high === low ? (start + end) / 2 : start + ((value - low) / (high - low)) * (end - start);
}

/** A round step (1, 2 or 5 times a power of ten) that cuts `width` into about `count` parts. */
function computeRoundStep(width: number, count: number): number {
  const rough = width / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5].find((one) => rough <= one * power) ?? 10;
  return factor * power;
}

/** Decimals that a multiple of the step needs. */
function countDecimals(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}

/** The interval that an axis shows, and its ticks with their texts. */
export interface PlotAxis {
  readonly domain: AxisInterval;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

function filterFinite(values: readonly number[]): number[] {
  return values.filter(Number.isFinite);
}

interface PlotAxisOptions {
  /** About how many intervals. */
  readonly count: number;
  /** Values, such as 0, that are to be part of the axis. */
  readonly cover?: readonly number[];
  /** End at the outermost values instead of at the next tick. */
  readonly tight?: boolean;
}

/** An axis over the values with ticks at round ones. */
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

/** Coordinate with one decimal: a tenth of a pixel, and half of the page's size. */
export function formatCoordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}
