import type { DataJobState } from "./dataStage.ts";
import type { CellState, GridState } from "./gridState.ts";
import { formatFlooredPercent, formatRoughDuration, formatStage } from "./stageText.ts";
import type { WaitingReason } from "./waiting/waitingReason.ts";
import { formatFailure } from "./workloadFailure.ts";
import type { WorkloadFailure } from "./workloadFailure.ts";

/** The stage and the tenth of it that was last printed for each cell and data job. */
export type PrintedStages = ReadonlyMap<string, string>;

interface ProgressReport {
  readonly subject: string;
  /** The report is printed if this differs from the last one of the same subject. */
  readonly key: string;
  readonly lines: readonly string[];
}

function roundDownToTenth(fraction: number): number {
  return Math.floor(fraction * 10 + 1e-9);
}

function formatFailureLines(subject: string, failure: WorkloadFailure): string[] {
  return [`${subject}: ${formatFailure(failure)}`, `${subject}: more: ${failure.command}`];
}

function formatParenthesis(details: readonly string[]): string {
  return details.length === 0 ? "" : ` (${details.join(", ")})`;
}

/** The cause and its object: the numbers of a summary change with each poll, and are not news. */
function formatReasonKey(reason: WaitingReason | null): string {
  return reason === null ? "" : `${reason.kind} ${reason.object.kind} ${reason.object.name}`;
}

function buildCellReport(cell: CellState): ProgressReport {
  const { id, name, step, fraction, detail, eta, failure, reason } = cell;
  const details = [
    name === "evaluate" || detail === "" ? [] : detail,
    reason === null || reason.summary === detail ? [] : reason.summary,
    eta === null || name === "done" ? [] : `about ${formatRoughDuration(eta)} left`,
  ].flat();
  const isMeasured = name === "data" || name === "evaluate" || name === "train";
  return {
    subject: id,
    key: `${name}/${step}/${isMeasured ? roundDownToTenth(fraction) : ""}/${formatReasonKey(reason)}`,
    lines:
      failure === null ? [`${id}: ${formatStage(cell)}${formatParenthesis(details)}`] : formatFailureLines(id, failure),
  };
}

function buildDataReport({ job, name, fraction, detail, failure, reason }: DataJobState): ProgressReport {
  const awaited = name === "waiting for data" && detail !== "" ? [detail] : reason === null ? [] : [reason.summary];
  const stage = name === "data" ? formatFlooredPercent(fraction * 100) : name;
  return {
    subject: job,
    key: `${name}/${roundDownToTenth(fraction)}/${reason === null ? awaited.join("") : formatReasonKey(reason)}`,
    lines: failure === null ? [`${job}: ${stage}${formatParenthesis(awaited)}`] : formatFailureLines(job, failure),
  };
}

/** Lists the lines, without a time, that are new since the last call, and what has been printed with them. */
export function listNewLines(
  printed: PrintedStages,
  { cells, bases, data }: GridState,
): { lines: string[]; printed: PrintedStages } {
  const reports = [...data.map(buildDataReport), ...bases.map(buildCellReport), ...cells.map(buildCellReport)];
  const changed = reports.filter(({ subject, key }) => printed.get(subject) !== key);
  return {
    lines: changed.flatMap(({ lines }) => lines),
    printed: new Map([...printed, ...changed.map(({ subject, key }) => [subject, key] as const)]),
  };
}
