import type { CellPlan, StackPlan } from "../../jobs/plan/index.ts";
import {
  formatByteSize,
  formatHours,
  formatBand,
  formatThreeDigits,
  formatTokenCount,
  formatTokenEstimate,
} from "./formatNumbers.ts";
import type { TextTable } from "./planStyle.ts";

/** Returns the status of a cell's scores on its cluster; undefined if it has none. */
export type ScoreStatusLookup = (cell: Pick<CellPlan, "run" | "evaluationHash" | "checkpoint">) => string | undefined;

/** The status of the scores on a cluster. */
export interface ScoreStatusResult {
  /** Returns the status of a run's scores; absent if the cluster does not respond. */
  readonly lookup?: ScoreStatusLookup;
  /** The reason why the lookup is absent. */
  readonly unavailable?: string;
}

interface CellColumn {
  readonly heading: string;
  readonly value: (cell: CellPlan, wave: number) => string;
}

const cellColumns: readonly CellColumn[] = [
  { heading: "cell", value: ({ id }) => id },
  { heading: "tokens", value: ({ tokens }) => formatTokenEstimate(tokens) },
  { heading: "steps", value: ({ steps }) => formatThreeDigits(steps) },
  { heading: "evaluated", value: ({ evaluatedStep }) => String(evaluatedStep) },
  { heading: "GPU-hours", value: ({ estimate }) => formatBand(estimate.gpuHours) },
  { heading: "hours", value: ({ estimate }) => formatBand(estimate.wallHours) },
  {
    heading: "memory",
    value: ({ estimate }) => `${formatByteSize(estimate.memory.total)} ${estimate.fits ? "fits" : "DOES NOT FIT"}`,
  },
  { heading: "checkpoint", value: ({ estimate }) => formatByteSize(estimate.checkpointBytes) },
  { heading: "disk", value: ({ estimate }) => formatByteSize(estimate.diskBytes.peak) },
  {
    heading: "saves every",
    value: ({ estimate: { interval } }) =>
      `${formatHours(interval.actualSeconds / 3600)} / ${formatHours(interval.bestSeconds / 3600)}`,
  },
  { heading: "evaluation", value: ({ estimate }) => formatThreeDigits(estimate.evaluationGpuHours) },
  { heading: "wave", value: (_, wave) => String(wave) },
];

/** Builds a table with a row per cell, in the order of submission. */
export function buildCellTable({ cells, placements }: StackPlan, lookup?: ScoreStatusLookup): TextTable {
  const rows = cells.map((cell, index) => {
    const row = cellColumns.map(({ value }) => value(cell, placements[index]?.wave ?? 1));
    return lookup === undefined ? row : [...row, lookup(cell) ?? ""];
  });
  return {
    headings: [...cellColumns.map(({ heading }) => heading), ...(lookup === undefined ? [] : ["scores"])],
    rows,
  };
}

/** Builds a table of the tokens per epoch by language and source, with a row per mixture. */
export function buildSourceTable(mixtures: readonly { id: string; tokens: CellPlan["tokens"] }[]): TextTable {
  const sources = [...new Set(mixtures.flatMap((mixture) => Object.keys(mixture.tokens.byLanguage)))];
  const tokensByMixture = new Map(mixtures.map(({ id, tokens }) => [id, tokens]));
  const rows = [...tokensByMixture].map(([id, { total, bySource, byLanguage }]) => {
    const languages = sources
      .filter((source) => byLanguage[source] !== undefined)
      .map((source) => `${source} ${formatTokenCount(byLanguage[source] ?? 0)}`);
    const others = Object.entries(bySource)
      .filter(([source]) => source === "code")
      .map(([source, count]) => `${source} ${formatTokenCount(count)}`);
    return [id, formatTokenCount(total), [...languages, ...others].join(", ")];
  });
  return { headings: ["mixture", "tokens", "by language and source"], rows };
}
