import { axisSettings } from "../../jobs/matrix/index.ts";
import type { StackPlan } from "../../jobs/plan/index.ts";
import { formatCount } from "../terminal/formatList.ts";
import { formatBand } from "./formatNumbers.ts";

type PlannedCells = Pick<StackPlan, "cells" | "totals">;

function countDistinct(values: readonly unknown[]): number {
  return new Set(values).size;
}

/** Formats what a stack with axes of its own multiplies: `2 mixtures × 1 category × 3 seeds = 6 cells, …`. */
export function formatProduct({ cells, totals }: PlannedCells): string | undefined {
  const added = Object.entries(axisSettings).flatMap(([setting, { noun }]) => {
    const values = cells.flatMap(({ axisValues }) => axisValues[setting] ?? []);
    return values.length === 0 ? [] : [formatCount(countDistinct(values), noun)];
  });
  if (added.length === 0) return undefined;
  const categories = countDistinct(cells.map(({ category }) => category));
  const factors = [
    formatCount(countDistinct(cells.map(({ data }) => data)), "mixture"),
    categories === 1 ? "1 category" : `${String(categories)} categories`,
    ...added,
  ];
  return `${factors.join(" × ")} = ${formatCount(cells.length, "cell")}, ${formatBand(totals.gpuHours)} GPU-hours`;
}
