import { cellHours, type CellHours } from "../hours.ts";
import { html, type Html } from "../html.ts";
import { groupsOf, type HoursBand, type Report } from "../report.ts";
import { columnHead, table, textHead } from "./table.ts";

const hours = (value: number): string => value.toFixed(value < 10 ? 2 : 0);

const bandText = (band: HoursBand | null): string => (band === null ? "–" : `${hours(band.low)} to ${hours(band.high)}`);

const usedText = (used: number | null): string => (used === null ? "–" : hours(used));

const judgement = ({ planned, used }: CellHours): string => {
  if (planned === null || used === null) return "–";
  if (used > planned.high) return `${hours(used - planned.high)} more`;
  return used < planned.low ? `${hours(planned.low - used)} less` : "within";
};

const row = (one: CellHours): Html =>
  html`<tr><th scope="row">${one.cell.label}</th><td>${bandText(one.planned)}</td><td>${usedText(one.used)}</td><td class="text">${judgement(one)}</td></tr>`;

const sum = (values: readonly (number | null)[]): number | null =>
  values.includes(null) ? null : values.reduce<number>((total, value) => total + (value ?? 0), 0);

const totalRow = (name: string, all: readonly CellHours[]): Html => {
  const [low, high] = [sum(all.map(({ planned }) => planned?.low ?? null)), sum(all.map(({ planned }) => planned?.high ?? null))];
  const total = { planned: low === null || high === null ? null : { low, high }, used: sum(all.map(({ used }) => used)) };
  return html`<tr class="total"><th scope="row">All of ${name}</th><td>${bandText(total.planned)}</td><td>${usedText(total.used)}</td><td class="text"></td></tr>`;
};

/** Planned and used GPU-hours of training; nothing where neither is known. */
export const hoursSection = (report: Report): Html | null => {
  const all = cellHours(report);
  if (all.every(({ planned, used }) => planned === null && used === null)) return null;
  const emulated = report.hardware.filter((hardware) => hardware.emulated).length;
  return html`<section aria-labelledby="hours">
<h2 id="hours">GPU-hours</h2>
<p>Used: training time times the devices that trained at once; evaluation and waiting are not in it. A device is one <code>amd.com/gpu</code>, half of an MI250X module. Planned: the band of <code>mixcpt plan</code>.${emulated > 0 && ` ${emulated === report.hardware.length ? "The devices are emulated" : "Where devices are emulated"}: these are hours of CPUs that stand in for them.`}</p>
${table({
    caption: "GPU-hours of training per cell",
    head: html`<tr>${textHead("Cell")}${["Planned", "Used"].map(columnHead)}${textHead("Against the plan")}</tr>`,
    rows: groupsOf(report).flatMap(({ name, cells }) => {
      const hoursOfGroup = all.filter(({ cell }) => cells.includes(cell));
      return [...hoursOfGroup.map(row), totalRow(name, hoursOfGroup)];
    }),
  })}
</section>`;
};
