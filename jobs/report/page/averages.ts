import type { Part } from "../average.ts";
import { html, type Html } from "../html.ts";
import { chanceLevel, measureKey, measureName, metricName, taskName, type Measure } from "../measure.ts";
import { levelPlot, type LevelRow } from "../plot/levels.ts";
import { legend } from "../plot/marker.ts";
import { axisOver, type Axis } from "../plot/scale.ts";
import { groupsOf, type Report, type ReportCell } from "../report.ts";
import { averageRows, rowAverage, rowValues, type AverageRow } from "../row.ts";
import { fixed, idOf } from "./format.ts";
import { baseOddities, cellOddities, marks } from "./notes.ts";
import { columnHead, table, textHead } from "./table.ts";

const levels = [
  { part: "high", kind: "square", text: "high-resource" },
  { part: "medium", kind: "circle", text: "medium-resource" },
  { part: "low", kind: "triangle", text: "low-resource" },
] as const;

const columns: readonly { readonly part: Part; readonly title: string }[] = [
  { part: "high", title: "High" },
  { part: "medium", title: "Medium" },
  { part: "low", title: "Low" },
  { part: "training", title: "All training" },
  { part: "related", title: "Related" },
  { part: "english", title: "English" },
];

const rowTitle = (row: AverageRow): string => (row === "base" ? "Base" : row);

interface Group {
  readonly name: string;
  readonly cells: readonly ReportCell[];
}

const levelRow = (report: Report, group: Group, { measure, row }: { measure: Measure; row: AverageRow }): LevelRow => ({
  label: rowTitle(row),
  dots: rowValues(report, { group: group.cells, row, measure, part: "training" }),
  means: levels.flatMap(({ part, kind, text }) => {
    const value = rowAverage(report, { group: group.cells, row, measure, part });
    return value === null ? [] : [{ kind, value, title: `${text}: ${fixed(value)}` }];
  }),
});

const sentence = (rows: readonly LevelRow[]): string =>
  rows.map(({ label, means }) => `${label}: ${means.length === 0 ? "no scores" : means.map(({ title }) => title).join(", ")}`).join("; ");

/** Base first where there is one. */
const rowsOf = (report: Report, group: Group, measure: Measure): LevelRow[] =>
  averageRows.map((row) => levelRow(report, group, { measure, row })).filter(({ label, dots }) => label !== "Base" || dots.length > 0);

const panel = (report: Report, group: Group, { measure, axis }: { measure: Measure; axis: Axis }): Html => {
  const rows = rowsOf(report, group, measure);
  const chance = chanceLevel(measure);
  return html`<div class="panel"><p class="panel-title">${group.name}</p>${levelPlot({
    id: idOf("levels", measureKey(measure), group.name),
    title: `${measureName(measure)} by resource level and mixture, ${group.name}`,
    description: `${sentence(rows)}.`,
    rows,
    axis,
    unit: metricName(measure.metric),
    reference: chance === null ? null : { value: chance, label: `chance ${chance.toFixed(1)}` },
  })}</div>`;
};

const rowMarks = (report: Report, group: Group, { row, measure }: { row: AverageRow; measure: Measure }): Html | null => {
  const [first] = group.cells;
  if (row === "base") return first === undefined || report.bases.get(first.family)?.origin === "own" ? null : marks(report, baseOddities(first.family, measure));
  return marks(report, group.cells.filter(({ data }) => data === row).flatMap((cell) => cellOddities(cell, measure)));
};

const averageLine = (report: Report, group: Group, { row, measure, first }: { row: AverageRow; measure: Measure; first: boolean }): Html =>
  html`<tr${first && html` class="total"`}><th scope="row"><span class="soft">${group.name}</span> ${rowTitle(row)}${rowMarks(report, group, { row, measure })}</th>${columns.map(({ part }) => html`<td>${fixed(rowAverage(report, { group: group.cells, row, measure, part }))}</td>`)}</tr>`;

const averageTable = (report: Report, measure: Measure): Html =>
  table({
    caption: `Mean ${metricName(measure.metric)}, ${taskName(measure)}`,
    head: html`<tr>${textHead("Model and mixture")}${columns.map(({ title }) => columnHead(title))}</tr>`,
    rows: groupsOf(report).flatMap((group, at) => averageRows.map((row) => averageLine(report, group, { row, measure, first: at > 0 && row === "base" }))),
  });

const measureBlock = (report: Report, measure: Measure): Html => {
  const groups = groupsOf(report);
  const chance = chanceLevel(measure);
  const values = groups.flatMap((group) => rowsOf(report, group, measure).flatMap(({ dots }) => dots));
  const axis = axisOver(values, { count: 4, cover: chance === null ? [0] : [0, chance] });
  return html`<h3>${measureName(measure)}</h3>
<figure><figcaption>Mean over the training languages of each resource level, on top of the single languages (faint dots).${chance !== null && ` The dashed line is chance: one of seven topics, ${chance.toFixed(1)} %.`}</figcaption>${legend(levels)}
<div class="panels three">${groups.map((group) => panel(report, group, { measure, axis }))}</div></figure>
${averageTable(report, measure)}`;
};

/** Averages by resource level and mixture, of training and of related languages: per measure a plot per model, and a table. */
export const averagesSection = (report: Report): Html => html`<section aria-labelledby="averages">
<h2 id="averages">Averages</h2>
<p>Every language has the same weight, whichever category it belongs to. Only training languages have a resource level: 2 are high, 6 medium and 6 low (paper, Table 1). An average is left out, as a dash, while one of its scores is missing.</p>
${report.measures.length === 0 && html`<p>No scores yet.</p>`}
${report.measures.map((measure) => measureBlock(report, measure))}
</section>`;
