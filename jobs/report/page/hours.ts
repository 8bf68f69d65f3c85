import { cellHours, type CellHours } from "../hours.ts";
import { html, type Html } from "../html.ts";
import { groupsOf, type HoursBand, type Report } from "../report.ts";
import { columnHead, table, textHead } from "./table.ts";

const hours = (value: number): string => value.toFixed(value < 10 ? 2 : 0);

const bandText = (band: HoursBand | null): string => (band === null ? "–" : `${hours(band.low)} to ${hours(band.high)}`);

const usedText = (used: number | null): string => (used === null ? "–" : hours(used));

const judgement = ({ planned, gpuHours }: CellHours): string => {
  if (planned === null || gpuHours === null) return "–";
  if (gpuHours > planned.high) return `${hours(gpuHours - planned.high)} more`;
  return gpuHours < planned.low ? `${hours(planned.low - gpuHours)} less` : "within";
};

const row = (one: CellHours): Html =>
  html`<tr><th scope="row">${one.cell.label}</th><td>${bandText(one.planned)}</td><td>${usedText(one.gpuHours)}</td><td>${usedText(one.deviceHours)}</td><td class="text">${judgement(one)}</td></tr>`;

const sum = (values: readonly (number | null)[]): number | null =>
  values.includes(null) ? null : values.reduce<number>((total, value) => total + (value ?? 0), 0);

const totalRow = (name: string, all: readonly CellHours[]): Html => {
  const [low, high] = [sum(all.map(({ planned }) => planned?.low ?? null)), sum(all.map(({ planned }) => planned?.high ?? null))];
  const planned = low === null || high === null ? null : { low, high };
  const [inGpus, inDevices] = [sum(all.map(({ gpuHours }) => gpuHours)), sum(all.map(({ deviceHours }) => deviceHours))];
  return html`<tr class="total"><th scope="row">All of ${name}</th><td>${bandText(planned)}</td><td>${usedText(inGpus)}</td><td>${usedText(inDevices)}</td><td class="text"></td></tr>`;
};

/** Planned and used GPU-hours of training; nothing where neither is known. */
export const hoursSection = (report: Report): Html | null => {
  const all = cellHours(report);
  if (all.every(({ planned, deviceHours }) => planned === null && deviceHours === null)) return null;
  const emulated = report.hardware.filter((hardware) => hardware.emulated).length;
  return html`<section aria-labelledby="hours">
<h2 id="hours">GPU-hours</h2>
<p>Used: training time times the devices that trained at once; evaluation and waiting are not in it. A GPU-hour is an hour of a card, as the plan counts and a centre bills it: an MI250X is two devices <code>amd.com/gpu</code>. Planned: the band of <code>mixcpt plan</code>.${emulated > 0 && " Hours of emulated devices are those of the CPUs that stand in for them."}</p>
${table({
    caption: "GPU-hours of training per cell",
    head: html`<tr>${textHead("Cell")}${["Planned", "Used", "Used, device-hours"].map(columnHead)}${textHead("Against the plan")}</tr>`,
    rows: groupsOf(report).flatMap(({ name, cells }) => {
      const hoursOfGroup = all.filter(({ cell }) => cells.includes(cell));
      return [...hoursOfGroup.map(row), totalRow(name, hoursOfGroup)];
    }),
  })}
</section>`;
};
