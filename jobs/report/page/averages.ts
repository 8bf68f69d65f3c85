import { languagesOf, type Part } from "../average.ts";
import { html, type Html } from "../html.ts";
import { chanceLevel, measureKey, measureName, metricName, taskName, type Measure } from "../measure.ts";
import { levelPlot, type LevelRow } from "../plot/levels.ts";
import { legend } from "../plot/marker.ts";
import { axisOver, type Axis } from "../plot/scale.ts";
import { groupsOf, type Report, type ReportCell } from "../report.ts";
import { averageRows, baseRow, rowAverage, rowValues } from "../row.ts";
import { fixed, idOf } from "./format.ts";
import { cellOddities, marks, publishedBaseOddities } from "./notes.ts";
import { columnHead, table, textHead } from "./table.ts";

const levels = [
  { part: "high", kind: "square", text: "high-resource" },
  { part: "medium", kind: "circle", text: "medium-resource" },
  { part: "low", kind: "triangle", text: "low-resource" },
  { part: "unclassified", kind: "diamond", text: "not classified" },
] as const;

/** The paper classifies its own training languages; others are shown apart, where there are some. */
const someUnclassified = ({ cells, published: { resources } }: Report): boolean => cells.some((cell) => languagesOf(cell, "unclassified", resources).length > 0);

const shownIn = <Column extends { readonly part: Part }>(report: Report, all: readonly Column[]): Column[] => all.filter(({ part }) => part !== "unclassified" || someUnclassified(report));

const columns: readonly { readonly part: Part; readonly title: string }[] = [
  { part: "high", title: "High" },
  { part: "medium", title: "Medium" },
  { part: "low", title: "Low" },
  { part: "unclassified", title: "Not classified" },
  { part: "training", title: "All training" },
  { part: "related", title: "Related" },
];

/** Nothing is translated from English to English. */
const columnsFor = (report: Report, { direction }: Measure): typeof columns => shownIn(report, direction === null ? [...columns, { part: "english", title: "English" }] : columns);

const rowTitle = (row: string): string => (row === baseRow ? "Base" : row);

interface Group {
  readonly name: string;
  readonly cells: readonly ReportCell[];
}

const levelRow = (report: Report, group: Group, { measure, row }: { measure: Measure; row: string }): LevelRow => ({
  label: rowTitle(row),
  dots: rowValues(report, { group: group.cells, row, measure, part: "training" }),
  means: levels.flatMap(({ part, kind, text }) => {
    const value = rowAverage(report, { group: group.cells, row, measure, part });
    return value === null ? [] : [{ kind, value, title: `${text}: ${fixed(value)}` }];
  }),
});

const sentence = (rows: readonly LevelRow[]): string =>
  rows.map(({ label, means }) => `${label}: ${means.length === 0 ? "no scores" : means.map(({ title }) => title).join(", ")}`).join("; ");

/** Groups that were evaluated with this measure at all. */
const groupsWith = (report: Report, measure: Measure): Group[] =>
  groupsOf(report).filter(({ cells }) => cells.some(({ scores }) => scores.some((score) => measureKey(score) === measureKey(measure))));

/** Base only where there is one. */
const rowNames = (report: Report, group: Group, measure: Measure): readonly string[] =>
  averageRows(report, group.cells).filter((row) => row !== baseRow || rowValues(report, { group: group.cells, row, measure, part: "training" }).length > 0);

const rowsOf = (report: Report, group: Group, measure: Measure): LevelRow[] =>
  rowNames(report, group, measure).map((row) => levelRow(report, group, { measure, row }));

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

const rowMarks = (report: Report, group: Group, { row, measure }: { row: string; measure: Measure }): Html | null => {
  const [first] = group.cells;
  if (row === baseRow) return first === undefined ? null : marks(report, publishedBaseOddities(report, first, measure));
  return marks(report, group.cells.filter(({ data }) => data === row).flatMap((cell) => cellOddities(cell, measure)));
};

const averageLine = (report: Report, group: Group, { row, measure, first }: { row: string; measure: Measure; first: boolean }): Html =>
  html`<tr${first && html` class="total"`}><th scope="row"><span class="soft">${group.name}</span> ${rowTitle(row)}${rowMarks(report, group, { row, measure })}</th>${columnsFor(report, measure).map(({ part }) => html`<td>${fixed(rowAverage(report, { group: group.cells, row, measure, part }))}</td>`)}</tr>`;

const averageTable = (report: Report, measure: Measure): Html =>
  table({
    caption: `Mean ${metricName(measure.metric)}, ${taskName(measure)}`,
    head: html`<tr>${textHead("Model and mixture")}${columnsFor(report, measure).map(({ title }) => columnHead(title))}</tr>`,
    rows: groupsWith(report, measure).flatMap((group, at) => rowNames(report, group, measure).map((row, index) => averageLine(report, group, { row, measure, first: at > 0 && index === 0 }))),
  });

/** One axis for all models, but not for a miniature beside others: its BLEU is another one, and all of it is near zero. */
const axisFor = (report: Report, measure: Measure, group: Group): Axis => {
  const chance = chanceLevel(measure);
  const alone = report.miniature === "part";
  const shown = groupsWith(report, measure).filter(({ name }) => !alone || name === group.name);
  return axisOver(shown.flatMap((one) => rowsOf(report, one, measure).flatMap(({ dots }) => dots)), { count: 4, cover: chance === null ? [0] : [0, chance] });
};

const measureBlock = (report: Report, measure: Measure): Html => {
  const chance = chanceLevel(measure);
  return html`<h3>${measureName(measure)}</h3>
<figure><figcaption>Mean over the training languages of each resource level, on top of the single languages (faint dots).${chance !== null && ` The dashed line is chance: one of seven topics, ${chance.toFixed(1)} %.`}</figcaption>${legend(shownIn(report, levels))}
<div class="panels three">${groupsWith(report, measure).map((group) => panel(report, group, { measure, axis: axisFor(report, measure, group) }))}</div></figure>
${averageTable(report, measure)}`;
};

/** Averages by resource level and mixture, of training and of related languages: per measure a plot per model, and a table. */
export const averagesSection = (report: Report): Html => html`<section aria-labelledby="averages">
<h2 id="averages">Averages</h2>
<p>Every language has the same weight, whichever category it belongs to. Only training languages have a resource level: 2 are high, 6 medium and 6 low (paper, Table 1).${someUnclassified(report) && " Training languages that are not in that table are “not classified”."} An average is left out, as a dash, while one of its scores is missing.</p>
${report.measures.length === 0 && html`<p>No scores yet.</p>`}
${report.measures.map((measure) => measureBlock(report, measure))}
</section>`;
