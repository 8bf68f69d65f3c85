import { listCellHours } from "../cellHours.ts";
import type { CellHours } from "../cellHours.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { groupCells } from "../reportModel.ts";
import type { HoursBand, Report } from "../reportModel.ts";
import { renderColumnHead, renderHtmlTable, renderTextHead } from "./htmlTable.ts";

function formatHourCount(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0);
}

function formatHoursBand(band: HoursBand | null): string {
  return band === null ? "–" : `${formatHourCount(band.low)} to ${formatHourCount(band.high)}`;
}

function formatUsedHours(used: number | null): string {
  return used === null ? "–" : formatHourCount(used);
}

function describePlanDeviation({ planned, gpuHours }: CellHours): string {
  if (planned === null || gpuHours === null) return "–";
  if (gpuHours > planned.high) return `${formatHourCount(gpuHours - planned.high)} more`;
  return gpuHours < planned.low ? `${formatHourCount(planned.low - gpuHours)} less` : "within";
}

function renderHoursRow(one: CellHours): Html {
  return html`<tr><th scope="row">${one.cell.label}</th><td>${formatHoursBand(one.planned)}</td><td>${formatUsedHours(one.gpuHours)}</td><td>${formatUsedHours(one.deviceHours)}</td><td class="text">${describePlanDeviation(one)}</td></tr>`;
}

function sumHoursOrNull(values: readonly (number | null)[]): number | null {
  return values.includes(null) ? null : values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

function renderTotalHoursRow(name: string, all: readonly CellHours[]): Html {
  const [low, high] = [
    sumHoursOrNull(all.map(({ planned }) => planned?.low ?? null)),
    sumHoursOrNull(all.map(({ planned }) => planned?.high ?? null)),
  ];
  const planned = low === null || high === null ? null : { low, high };
  const [inGpus, inDevices] = [
    sumHoursOrNull(all.map(({ gpuHours }) => gpuHours)),
    sumHoursOrNull(all.map(({ deviceHours }) => deviceHours)),
  ];
  return html`<tr class="total"><th scope="row">All of ${name}</th><td>${formatHoursBand(planned)}</td><td>${formatUsedHours(inGpus)}</td><td>${formatUsedHours(inDevices)}</td><td class="text"></td></tr>`;
}

/** Planned and used GPU-hours of training; nothing where neither is known. */
export function renderHoursSection(report: Report): Html | null {
  const all = listCellHours(report);
  if (all.every(({ planned, deviceHours }) => planned === null && deviceHours === null)) return null;
  const emulated = report.hardware.filter((hardware) => hardware.emulated).length;
  return html`<section aria-labelledby="hours">
<h2 id="hours">GPU-hours</h2>
<p>Used: training time times the devices that trained at once; evaluation and waiting are not in it. A GPU-hour is an hour of a card, as the plan counts and a centre bills it: an MI250X is two devices <code>amd.com/gpu</code>. Planned: the band of <code>mixcpt plan</code>.${emulated > 0 && " Hours of emulated devices are those of the CPUs that stand in for them."}</p>
${renderHtmlTable({
  caption: "GPU-hours of training per cell",
  head: html`<tr>${renderTextHead("Cell")}${["Planned", "Used", "Used, device-hours"].map(renderColumnHead)}${renderTextHead("Against the plan")}</tr>`,
  rows: groupCells(report).flatMap(({ name, cells }) => {
    const hoursOfGroup = all.filter(({ cell }) => cells.includes(cell));
    return [...hoursOfGroup.map(renderHoursRow), renderTotalHoursRow(name, hoursOfGroup)];
  }),
})}
</section>`;
}
