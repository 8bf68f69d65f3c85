export type Interval = readonly [number, number];

/** Maps a domain linearly to a range; a domain of no width maps to the middle. */
export const linear = ([low, high]: Interval, [start, end]: Interval) => (value: number): number =>
  high === low ? (start + end) / 2 : start + ((value - low) / (high - low)) * (end - start);

/** A round step (1, 2 or 5 times a power of ten) that cuts `width` into about `count` parts. */
const roundStep = (width: number, count: number): number => {
  const rough = width / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5].find((one) => rough <= one * power) ?? 10;
  return factor * power;
};

/** Decimals that a multiple of the step needs. */
const decimalsOf = (step: number): number => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));

/** The interval that an axis shows, and its ticks with their texts. */
export interface Axis {
  readonly domain: Interval;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

const finite = (values: readonly number[]): number[] => values.filter(Number.isFinite);

interface AxisOptions {
  /** About how many intervals. */
  readonly count: number;
  /** Values, such as 0, that are to be part of the axis. */
  readonly cover?: readonly number[];
  /** End at the outermost values instead of at the next tick. */
  readonly tight?: boolean;
}

/** An axis over the values with ticks at round ones. */
export const axisOver = (values: readonly number[], { count, cover = [], tight = false }: AxisOptions): Axis => {
  const all = finite([...values, ...cover]);
  const low = all.reduce((a, b) => Math.min(a, b), Infinity);
  const high = all.reduce((a, b) => Math.max(a, b), -Infinity);
  if (all.length === 0) return axisOver([0, 1], { count });
  if (low === high) return axisOver([low, low + 1], { count });
  const step = roundStep(high - low, count);
  const [first, last] = tight
    ? [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)]
    : [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => ({
    value: (first + index) * step,
    text: ((first + index) * step).toFixed(decimalsOf(step)),
  }));
  return { domain: tight ? [low, high] : [first * step, last * step], ticks };
};

/** Coordinate with one decimal: a tenth of a pixel, and half of the page's size. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);
