import type { DataJobState } from "./dataStage.ts";
import { formatFailure } from "./workloadFailure.ts";
import type { WorkloadFailure } from "./workloadFailure.ts";
import type { CellState, GridState } from "./gridState.ts";
import { formatFlooredPercent, formatRoughDuration, formatStage } from "./stageText.ts";

/** What has been said of each cell and data Job so far: its stage and tenth. */
export type PrintedStages = ReadonlyMap<string, string>;

interface ProgressRemark {
  readonly subject: string;
  /** A remark is made when this differs from the last one of the same subject. */
  readonly key: string;
  readonly texts: readonly string[];
}

function roundDownToTenth(fraction: number): number {
  return Math.floor(fraction * 10 + 1e-9);
}

function formatFailureLines(subject: string, failure: WorkloadFailure): string[] {
  return [`${subject}: ${formatFailure(failure)}`, `${subject}: more: ${failure.command}`];
}

function buildCellRemark(cell: CellState): ProgressRemark {
  const { id, name, step, fraction, detail, eta, failure } = cell;
  const more = [
    name === "evaluate" || detail === "" ? [] : detail,
    eta === null || name === "done" ? [] : `about ${formatRoughDuration(eta)} left`,
  ].flat();
  const text = `${id}: ${formatStage(cell)}${more.length === 0 ? "" : ` (${more.join(", ")})`}`;
  const texts = failure === null ? [text] : formatFailureLines(id, failure);
  return {
    subject: id,
    key: `${name}/${step}/${name === "data" || name === "evaluate" || name === "train" ? roundDownToTenth(fraction) : ""}`,
    texts,
  };
}

function buildDataRemark({ job, name, fraction, detail, failure }: DataJobState): ProgressRemark {
  const awaited = name === "waiting for data" ? detail : "";
  const text = `${job}: ${name === "data" ? formatFlooredPercent(fraction * 100) : name}${awaited === "" ? "" : ` (${awaited})`}`;
  return {
    subject: job,
    key: `${name}/${roundDownToTenth(fraction)}/${awaited}`,
    texts: failure === null ? [text] : formatFailureLines(job, failure),
  };
}

/** What is new since the last lines, as lines without a time; and what has been said now. */
export function listNewLines(
  said: PrintedStages,
  { cells, bases, data }: GridState,
): { lines: string[]; said: PrintedStages } {
  const fresh = [...data.map(buildDataRemark), ...bases.map(buildCellRemark), ...cells.map(buildCellRemark)].filter(
    ({ subject, key }) => said.get(subject) !== key,
  );
  return {
    lines: fresh.flatMap(({ texts }) => texts),
    said: new Map([...said, ...fresh.map(({ subject, key }) => [subject, key] as const)]),
  };
}
