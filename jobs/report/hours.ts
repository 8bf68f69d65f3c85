import type { HoursBand, Report, ReportCell } from "./report.ts";

export interface CellHours {
  readonly cell: ReportCell;
  readonly planned: HoursBand | null;
  /** Training seconds times devices; null where the run did not say both. */
  readonly used: number | null;
}

const usedHours = ({ result }: ReportCell): number | null => {
  const { seconds, devices } = result?.training ?? { seconds: null, devices: null };
  return seconds === null || devices === null ? null : (seconds * devices) / 3600;
};

/** Planned and used GPU-hours of every cell. A GPU is one `amd.com/gpu` device: half of an MI250X module. */
export const cellHours = ({ cells, planned }: Report): CellHours[] =>
  cells.map((cell) => ({ cell, planned: planned.get(cell.id) ?? null, used: usedHours(cell) }));
