import { listCellHours } from "../cellHours.ts";
import type { CellHours } from "../cellHours.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { groupCells } from "../reportModel.ts";
import type { HoursBand, Report } from "../reportModel.ts";
import {
  renderCell,
  renderColumnHead,
  renderHeadRow,
  renderHtmlTable,
  renderTableRow,
  renderTextCell,
  renderTextHead,
} from "./htmlTable.ts";

function formatHourCount(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0);
}

function formatHoursBand(band: HoursBand | null): string {
  return band === null ? "–" : `${formatHourCount(band.low)} to ${formatHourCount(band.high)}`;
}

function formatUsedHours(used: number | null): string {
  return used === null ? "–" : formatHourCount(used);
}

type HourFigures = Pick<CellHours, "planned" | "gpuHours" | "deviceHours">;

function describePlanDeviation({ planned, gpuHours }: HourFigures): string {
  if (planned === null || gpuHours === null) return "–";
  if (gpuHours > planned.high) return `${formatHourCount(gpuHours - planned.high)} more`;
  return gpuHours < planned.low ? `${formatHourCount(planned.low - gpuHours)} less` : "within";
}

function renderHourCells({ planned, gpuHours, deviceHours }: HourFigures): Html[] {
  return [formatHoursBand(planned), formatUsedHours(gpuHours), formatUsedHours(deviceHours)].map(renderCell);
}

function renderHoursRow({ cell, ...figures }: CellHours): Html {
  return renderTableRow(cell.label, [renderHourCells(figures), renderTextCell(describePlanDeviation(figures))]);
}

function sumHoursOrNull(values: readonly (number | null)[]): number | null {
  return values.includes(null) ? null : values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** Sums of several cells; each null if the number of one cell is unknown. */
function sumCellHours(hours: readonly CellHours[]): HourFigures {
  const low = sumHoursOrNull(hours.map(({ planned }) => planned?.low ?? null));
  const high = sumHoursOrNull(hours.map(({ planned }) => planned?.high ?? null));
  return {
    planned: low === null || high === null ? null : { low, high },
    gpuHours: sumHoursOrNull(hours.map(({ gpuHours }) => gpuHours)),
    deviceHours: sumHoursOrNull(hours.map(({ deviceHours }) => deviceHours)),
  };
}

function renderTotalHoursRow(name: string, hours: readonly CellHours[]): Html {
  return html`<tr class="total"><th scope="row">Total of ${name}</th>${renderHourCells(sumCellHours(hours))}\
<td class="text"></td></tr>`;
}

function renderHoursTable(report: Report, hours: readonly CellHours[]): Html {
  return renderHtmlTable({
    caption: "GPU-hours of training per cell",
    head: renderHeadRow([
      renderTextHead("Cell"),
      ["Planned", "Used", "Used, device-hours"].map(renderColumnHead),
      renderTextHead("Compared with the plan"),
    ]),
    rows: groupCells(report).flatMap(({ name, cells }) => {
      const groupHours = hours.filter(({ cell }) => cells.includes(cell));
      return [...groupHours.map(renderHoursRow), renderTotalHoursRow(name, groupHours)];
    }),
  });
}

/** Planned and used GPU-hours of training; null if neither is known. */
export function renderHoursSection(report: Report): Html | null {
  const hours = listCellHours(report);
  if (hours.every(({ planned, deviceHours }) => planned === null && deviceHours === null)) return null;
  const emulatedNote =
    report.hardware.some(({ emulated }) => emulated) &&
    " Hours of emulated devices are hours of the CPUs that emulate them.";
  return html`<section aria-labelledby="hours">
<h2 id="hours">GPU-hours</h2>
<p>Used: training time times the devices that trained at once, without evaluation and waiting. A GPU-hour is an hour \
of a card, as the plan counts it and a computing center bills it: an MI250X is two devices <code>amd.com/gpu</code>. \
Planned: the range from <code>mixcpt plan</code>.${emulatedNote}</p>
${renderHoursTable(report, hours)}
</section>`;
}
