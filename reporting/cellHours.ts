import { gpus } from "../jobs/hardware/gpuCatalog.ts";
import type { HoursBand, PlannedTraining, Report, ReportCell } from "./reportModel.ts";

export interface CellHours {
  readonly cell: ReportCell;
  /** GPU-hours: hours of a card. */
  readonly planned: HoursBand | null;
  /** Training time times devices, in hours; null if the run did not record both. */
  readonly deviceHours: number | null;
  /** The same in GPU-hours, as the plan counts and a computing center bills them; null also if the card is unknown. */
  readonly gpuHours: number | null;
}

function computeDeviceHours({ result }: ReportCell): number | null {
  const { seconds, devices } = result?.training ?? { seconds: null, devices: null };
  return seconds === null || devices === null ? null : (seconds * devices) / 3600;
}

function computeCellHours(cell: ReportCell, planned: PlannedTraining | null): CellHours {
  const deviceHours = computeDeviceHours(cell);
  const devicesPerCard = planned?.devicesPerCard ?? (cell.gpu === null ? null : gpus[cell.gpu].devicesPerCard);
  const gpuHours = deviceHours === null || devicesPerCard === null ? null : deviceHours / devicesPerCard;
  return { cell, planned, deviceHours, gpuHours };
}

/** Planned and used hours of every trained cell. An MI250X is two devices: one hour of it is two device-hours. */
export function listCellHours({ cells, plannedHours }: Report): CellHours[] {
  return cells
    .filter(({ kind }) => kind === "trained")
    .map((cell) => computeCellHours(cell, plannedHours.get(cell.run) ?? null));
}
