import { gpus } from "../jobs/hardware/gpuCatalog.ts";
import type { HoursBand, Report, ReportCell } from "./reportModel.ts";

export interface CellHours {
  readonly cell: ReportCell;
  /** GPU-hours: hours of a card. */
  readonly planned: HoursBand | null;
  /** Training time times devices, in hours; null where the run did not say both. */
  readonly deviceHours: number | null;
  /** The same in GPU-hours, as the plan counts and a centre bills them; null also where the card is not known. */
  readonly gpuHours: number | null;
}

function computeDeviceHours({ result }: ReportCell): number | null {
  const { seconds, devices } = result?.training ?? { seconds: null, devices: null };
  return seconds === null || devices === null ? null : (seconds * devices) / 3600;
}

function computeCellHours(cell: ReportCell, planned: HoursBand | null): CellHours {
  const deviceHours = computeDeviceHours(cell);
  const gpuHours = deviceHours === null || cell.gpu === null ? null : deviceHours / gpus[cell.gpu].devicesPerCard;
  return { cell, planned, deviceHours, gpuHours };
}

/** Planned and used hours of training of every cell. An MI250X is two devices: an hour of it is two device-hours. */
export function listCellHours({ cells, plannedHours: planned }: Report): CellHours[] {
  return cells.map((cell) => computeCellHours(cell, planned.get(cell.run) ?? null));
}
