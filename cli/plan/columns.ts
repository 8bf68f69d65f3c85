import type { CellPlan, StackPlan } from "../../jobs/plan/index.ts";
import { bytes, duration, range, short, tokens } from "./numbers.ts";
import type { Table } from "./table.ts";

/** What the cluster says of a cell, where it answers. */
export type Standing = (cell: Pick<CellPlan, "run" | "asked">) => string | undefined;

interface Column {
  heading: string;
  value: (cell: CellPlan, wave: number) => string;
}

const columns: readonly Column[] = [
  { heading: "cell", value: ({ id }) => id },
  { heading: "tokens", value: (cell) => tokens(cell.tokens.total) },
  { heading: "steps", value: ({ steps }) => short(steps) },
  { heading: "evaluated", value: ({ evaluated }) => String(evaluated) },
  { heading: "GPU-hours", value: ({ estimate }) => range(estimate.gpuHours) },
  { heading: "hours", value: ({ estimate }) => range(estimate.wallHours) },
  { heading: "memory", value: ({ estimate }) => `${bytes(estimate.memory.total)} ${estimate.fits ? "fits" : "DOES NOT FIT"}` },
  { heading: "checkpoint", value: ({ estimate }) => bytes(estimate.checkpointBytes) },
  { heading: "disk", value: ({ estimate }) => bytes(estimate.diskBytes.peak) },
  { heading: "saves every", value: ({ estimate: { interval } }) => `${duration(interval.actual / 3600)} / ${duration(interval.best / 3600)}` },
  { heading: "evaluation", value: ({ estimate }) => short(estimate.evaluationGpuHours) },
  { heading: "wave", value: (_, wave) => String(wave) },
];

/** A row per cell, in the order of submission. */
export function cellTable({ cells, placements }: StackPlan, standing?: Standing): Table {
  const rows = cells.map((cell, index) => {
    const row = columns.map(({ value }) => value(cell, placements[index]?.wave ?? 1));
    return standing === undefined ? row : [...row, standing(cell) ?? ""];
  });
  return { headings: [...columns.map(({ heading }) => heading), ...(standing === undefined ? [] : ["scores"])], rows };
}

/** Tokens of one epoch by where they come from, one row per mixture. */
export function sourceTable(mixtures: readonly { id: string; tokens: CellPlan["tokens"] }[]): Table {
  const sources = [...new Set(mixtures.flatMap((mixture) => Object.keys(mixture.tokens.byLanguage)))];
  const shared = new Map(mixtures.map(({ id, tokens: counted }) => [id, counted]));
  const rows = [...shared].map(([name, { total, bySource, byLanguage }]) => {
    const languages = sources.filter((source) => byLanguage[source] !== undefined).map((source) => `${source} ${tokens(byLanguage[source] ?? 0)}`);
    const others = Object.entries(bySource).filter(([source]) => source === "code").map(([source, count]) => `${source} ${tokens(count)}`);
    return [name, tokens(total), [...languages, ...others].join(", ")];
  });
  return { headings: ["mixture", "tokens", "by language and source"], rows };
}
