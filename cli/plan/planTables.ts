import type { CellPlan, StackPlan } from "../../jobs/plan/index.ts";
import { formatByteSize, formatHours, formatBand, formatThreeDigits, formatTokenCount } from "./formatNumbers.ts";
import type { TextTable } from "./planStyle.ts";

/** What the cluster says of a cell, where it answers. */
export type ScoreStatusLookup = (cell: Pick<CellPlan, "run" | "evaluationHash">) => string | undefined;

interface CellColumn {
  readonly heading: string;
  readonly value: (cell: CellPlan, wave: number) => string;
}

const cellColumns: readonly CellColumn[] = [
  { heading: "cell", value: ({ id }) => id },
  { heading: "tokens", value: (cell) => formatTokenCount(cell.tokens.total) },
  { heading: "steps", value: ({ steps }) => formatThreeDigits(steps) },
  { heading: "evaluated", value: ({ evaluatedStep: evaluated }) => String(evaluated) },
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

/** A row per cell, in the order of submission. */
export function buildCellTable({ cells, placements }: StackPlan, standing?: ScoreStatusLookup): TextTable {
  const rows = cells.map((cell, index) => {
    const row = cellColumns.map(({ value }) => value(cell, placements[index]?.wave ?? 1));
    return standing === undefined ? row : [...row, standing(cell) ?? ""];
  });
  return {
    headings: [...cellColumns.map(({ heading }) => heading), ...(standing === undefined ? [] : ["scores"])],
    rows,
  };
}

/** Tokens of one epoch by where they come from, one row per mixture. */
export function buildSourceTable(mixtures: readonly { id: string; tokens: CellPlan["tokens"] }[]): TextTable {
  const sources = [...new Set(mixtures.flatMap((mixture) => Object.keys(mixture.tokens.byLanguage)))];
  const shared = new Map(mixtures.map(({ id, tokens: counted }) => [id, counted]));
  const rows = [...shared].map(([name, { total, bySource, byLanguage }]) => {
    const languages = sources
      .filter((source) => byLanguage[source] !== undefined)
      .map((source) => `${source} ${formatTokenCount(byLanguage[source] ?? 0)}`);
    const others = Object.entries(bySource)
      .filter(([source]) => source === "code")
      .map(([source, count]) => `${source} ${formatTokenCount(count)}`);
    return [name, formatTokenCount(total), [...languages, ...others].join(", ")];
  });
  return { headings: ["mixture", "tokens", "by language and source"], rows };
}
