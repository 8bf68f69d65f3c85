import { selectSubsetLanguages, type LanguageSubset } from "../languageAverage.ts";
import { html, type Html } from "../html.ts";
import { computeChanceLevel, buildMeasureKey, formatMeasureName, formatMetricName, formatTaskName, type Measure } from "../scoreMeasure.ts";
import { renderLevelPlot, type LevelRow } from "../plot/levelPlot.ts";
import { renderLegend } from "../plot/marker.ts";
import { buildPlotAxis, type PlotAxis } from "../plot/plotAxis.ts";
import { groupCells, type Report, type ReportCell } from "../reportModel.ts";
import { listAverageRows, baseRowName, computeRowAverage, listRowValues } from "../languageAverage.ts";
import { formatDecimal, buildElementId } from "./textFormat.ts";
import { listCellOddities, renderNoteMarks, listBaseOddities } from "./notesSection.ts";
import { renderColumnHead, renderHtmlTable, renderTextHead } from "./htmlTable.ts";

const levelMarkers = [
  { part: "high", kind: "square", text: "high-resource" },
  { part: "medium", kind: "circle", text: "medium-resource" },
  { part: "low", kind: "triangle", text: "low-resource" },
  { part: "unclassified", kind: "diamond", text: "not classified" },
] as const;

/** The paper classifies its own training languages; others are shown apart, where there are some. */
const hasUnclassifiedLanguages = ({ cells, published: { resources } }: Report): boolean => cells.some((cell) => selectSubsetLanguages(cell, "unclassified", resources).length > 0);

const omitUnusedUnclassified = <Column extends { readonly part: LanguageSubset }>(report: Report, all: readonly Column[]): Column[] => all.filter(({ part }) => part !== "unclassified" || hasUnclassifiedLanguages(report));

const averageColumns: readonly { readonly part: LanguageSubset; readonly title: string }[] = [
  { part: "high", title: "High" },
  { part: "medium", title: "Medium" },
  { part: "low", title: "Low" },
  { part: "unclassified", title: "Not classified" },
  { part: "training", title: "All training" },
  { part: "related", title: "Related" },
];

/** Nothing is translated from English to English. */
const selectMeasureColumns = (report: Report, { direction }: Measure): typeof averageColumns => omitUnusedUnclassified(report, direction === null ? [...averageColumns, { part: "english", title: "English" }] : averageColumns);

const formatRowTitle = (row: string): string => (row === baseRowName ? "Base" : row);

interface CellGroup {
  readonly name: string;
  readonly cells: readonly ReportCell[];
}

const buildLevelRow = (report: Report, group: CellGroup, { measure, row }: { measure: Measure; row: string }): LevelRow => ({
  label: formatRowTitle(row),
  dots: listRowValues(report, { group: group.cells, row, measure, part: "training" }),
  means: levelMarkers.flatMap(({ part, kind, text }) => {
    const value = computeRowAverage(report, { group: group.cells, row, measure, part });
    return value === null ? [] : [{ kind, value, title: `${text}: ${formatDecimal(value)}` }];
  }),
});

const describeLevelRows = (rows: readonly LevelRow[]): string =>
  rows.map(({ label, means }) => `${label}: ${means.length === 0 ? "no scores" : means.map(({ title }) => title).join(", ")}`).join("; ");

/** Groups that were evaluated with this measure at all. */
const selectEvaluatedGroups = (report: Report, measure: Measure): CellGroup[] =>
  groupCells(report).filter(({ cells }) => cells.some(({ scores }) => scores.some((score) => buildMeasureKey(score) === buildMeasureKey(measure))));

/** Base only where there is one. */
const listGroupRows = (report: Report, group: CellGroup, measure: Measure): readonly string[] =>
  listAverageRows(report, group.cells).filter((row) => row !== baseRowName || listRowValues(report, { group: group.cells, row, measure, part: "training" }).length > 0);

const buildLevelRows = (report: Report, group: CellGroup, measure: Measure): LevelRow[] =>
  listGroupRows(report, group, measure).map((row) => buildLevelRow(report, group, { measure, row }));

const renderLevelPanel = (report: Report, group: CellGroup, { measure, axis }: { measure: Measure; axis: PlotAxis }): Html => {
  const rows = buildLevelRows(report, group, measure);
  const chance = computeChanceLevel(measure);
  return html`<div class="panel"><p class="panel-title">${group.name}</p>${renderLevelPlot({
    id: buildElementId("levels", buildMeasureKey(measure), group.name),
    title: `${formatMeasureName(measure)} by resource level and mixture, ${group.name}`,
    description: `${describeLevelRows(rows)}.`,
    rows,
    axis,
    unit: formatMetricName(measure.metric),
    reference: chance === null ? null : { value: chance, label: `chance ${chance.toFixed(1)}` },
  })}</div>`;
};

const renderRowMarks = (report: Report, group: CellGroup, { row, measure }: { row: string; measure: Measure }): Html | null => {
  const [first] = group.cells;
  if (row === baseRowName) return first === undefined ? null : renderNoteMarks(report, listBaseOddities(report, first, measure));
  return renderNoteMarks(report, group.cells.filter(({ data }) => data === row).flatMap((cell) => listCellOddities(cell, measure)));
};

const renderAverageRow = (report: Report, group: CellGroup, { row, measure, first }: { row: string; measure: Measure; first: boolean }): Html =>
  html`<tr${first && html` class="total"`}><th scope="row"><span class="soft">${group.name}</span> ${formatRowTitle(row)}${renderRowMarks(report, group, { row, measure })}</th>${selectMeasureColumns(report, measure).map(({ part }) => html`<td>${formatDecimal(computeRowAverage(report, { group: group.cells, row, measure, part }))}</td>`)}</tr>`;

const renderAverageTable = (report: Report, measure: Measure): Html =>
  renderHtmlTable({
    caption: `Mean ${formatMetricName(measure.metric)}, ${formatTaskName(measure)}`,
    head: html`<tr>${renderTextHead("Model and mixture")}${selectMeasureColumns(report, measure).map(({ title }) => renderColumnHead(title))}</tr>`,
    rows: selectEvaluatedGroups(report, measure).flatMap((group, at) => listGroupRows(report, group, measure).map((row, index) => renderAverageRow(report, group, { row, measure, first: at > 0 && index === 0 }))),
  });

/** One axis for all models, but not for a miniature beside others: its BLEU is another one, and all of it is near zero. */
const buildLevelAxis = (report: Report, measure: Measure, group: CellGroup): PlotAxis => {
  const chance = computeChanceLevel(measure);
  const alone = report.miniature === "part";
  const shown = selectEvaluatedGroups(report, measure).filter(({ name }) => !alone || name === group.name);
  return buildPlotAxis(shown.flatMap((one) => buildLevelRows(report, one, measure).flatMap(({ dots }) => dots)), { count: 4, cover: chance === null ? [0] : [0, chance] });
};

const renderMeasureAverages = (report: Report, measure: Measure): Html => {
  const chance = computeChanceLevel(measure);
  return html`<h3>${formatMeasureName(measure)}</h3>
<figure><figcaption>Mean over the training languages of each resource level, on top of the single languages (faint dots).${chance !== null && ` The dashed line is chance: one of seven topics, ${chance.toFixed(1)} %.`}</figcaption>${renderLegend(omitUnusedUnclassified(report, levelMarkers))}
<div class="panels three">${selectEvaluatedGroups(report, measure).map((group) => renderLevelPanel(report, group, { measure, axis: buildLevelAxis(report, measure, group) }))}</div></figure>
${renderAverageTable(report, measure)}`;
};

/** Averages by resource level and mixture, of training and of related languages: per measure a plot per model, and a table. */
export const renderAveragesSection = (report: Report): Html => html`<section aria-labelledby="averages">
<h2 id="averages">Averages</h2>
<p>Every language has the same weight, whichever category it belongs to. Only training languages have a resource level: 2 are high, 6 medium and 6 low (paper, Table 1).${hasUnclassifiedLanguages(report) && " Training languages that are not in that table are “not classified”."} An average is left out, as a dash, while one of its scores is missing.</p>
${report.measures.length === 0 && html`<p>No scores yet.</p>`}
${report.measures.map((measure) => renderMeasureAverages(report, measure))}
</section>`;
