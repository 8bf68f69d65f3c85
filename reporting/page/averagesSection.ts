import { selectSubsetLanguages } from "../languageAverage.ts";
import type { LanguageSubset } from "../languageAverage.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import {
  computeChanceLevel,
  buildMeasureKey,
  formatMeasureName,
  formatMetricName,
  formatTaskName,
} from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import { renderLevelPlot } from "../plot/levelPlot.ts";
import type { LevelRow } from "../plot/levelPlot.ts";
import { renderLegend } from "../plot/marker.ts";
import { buildPlotAxis } from "../plot/plotAxis.ts";
import type { PlotAxis } from "../plot/plotAxis.ts";
import { groupCells } from "../reportModel.ts";
import type { Report, ReportCell } from "../reportModel.ts";
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
function hasUnclassifiedLanguages({ cells, published: { resources } }: Report): boolean {
  return cells.some((cell) => selectSubsetLanguages(cell, "unclassified", resources).length > 0);
}

function omitUnusedUnclassified<Column extends { readonly part: LanguageSubset }>(
  report: Report,
  all: readonly Column[],
): Column[] {
  return all.filter(({ part }) => part !== "unclassified" || hasUnclassifiedLanguages(report));
}

const averageColumns: readonly { readonly part: LanguageSubset; readonly title: string }[] = [
  { part: "high", title: "High" },
  { part: "medium", title: "Medium" },
  { part: "low", title: "Low" },
  { part: "unclassified", title: "Not classified" },
  { part: "training", title: "All training" },
  { part: "related", title: "Related" },
];

/** Nothing is translated from English to English. */
function selectMeasureColumns(report: Report, { direction }: Measure): typeof averageColumns {
  return omitUnusedUnclassified(
    report,
    direction === null ? [...averageColumns, { part: "english", title: "English" }] : averageColumns,
  );
}

function formatRowTitle(row: string): string {
  return row === baseRowName ? "Base" : row;
}

interface CellGroup {
  readonly name: string;
  readonly cells: readonly ReportCell[];
}

function buildLevelRow(
  report: Report,
  group: CellGroup,
  { measure, row }: { measure: Measure; row: string },
): LevelRow {
  return {
    label: formatRowTitle(row),
    dots: listRowValues(report, { group: group.cells, row, measure, part: "training" }),
    means: levelMarkers.flatMap(({ part, kind, text }) => {
      const value = computeRowAverage(report, { group: group.cells, row, measure, part });
      return value === null ? [] : [{ kind, value, title: `${text}: ${formatDecimal(value)}` }];
    }),
  };
}

function describeLevelRows(rows: readonly LevelRow[]): string {
  return rows
    .map(
      ({ label, means }) =>
        `${label}: ${means.length === 0 ? "no scores" : means.map(({ title }) => title).join(", ")}`,
    )
    .join("; ");
}

/** Groups that were evaluated with this measure at all. */
function selectEvaluatedGroups(report: Report, measure: Measure): CellGroup[] {
  return groupCells(report).filter(({ cells }) =>
    cells.some(({ scores }) => scores.some((score) => buildMeasureKey(score) === buildMeasureKey(measure))),
  );
}

/** Base only where there is one. */
function listGroupRows(report: Report, group: CellGroup, measure: Measure): readonly string[] {
  return listAverageRows(report, group.cells).filter(
    (row) =>
      row !== baseRowName || listRowValues(report, { group: group.cells, row, measure, part: "training" }).length > 0,
  );
}

function buildLevelRows(report: Report, group: CellGroup, measure: Measure): LevelRow[] {
  return listGroupRows(report, group, measure).map((row) => buildLevelRow(report, group, { measure, row }));
}

function renderLevelPanel(
  report: Report,
  group: CellGroup,
  { measure, axis }: { measure: Measure; axis: PlotAxis },
): Html {
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
}

function renderRowMarks(
  report: Report,
  group: CellGroup,
  { row, measure }: { row: string; measure: Measure },
): Html | null {
  const [first] = group.cells;
  if (row === baseRowName)
    return first === undefined ? null : renderNoteMarks(report, listBaseOddities(report, first, measure));
  return renderNoteMarks(
    report,
    group.cells.filter(({ data }) => data === row).flatMap((cell) => listCellOddities(cell, measure)),
  );
}

function renderAverageRow(
  report: Report,
  group: CellGroup,
  { row, measure, first }: { row: string; measure: Measure; first: boolean },
): Html {
  return html`<tr${first && html` class="total"`}><th scope="row"><span class="soft">${group.name}</span> ${formatRowTitle(row)}${renderRowMarks(report, group, { row, measure })}</th>${selectMeasureColumns(report, measure).map(({ part }) => html`<td>${formatDecimal(computeRowAverage(report, { group: group.cells, row, measure, part }))}</td>`)}</tr>`;
}

function renderAverageTable(report: Report, measure: Measure): Html {
  return renderHtmlTable({
    caption: `Mean ${formatMetricName(measure.metric)}, ${formatTaskName(measure)}`,
    head: html`<tr>${renderTextHead("Model and mixture")}${selectMeasureColumns(report, measure).map(({ title }) => renderColumnHead(title))}</tr>`,
    rows: selectEvaluatedGroups(report, measure).flatMap((group, at) =>
      listGroupRows(report, group, measure).map((row, index) =>
        renderAverageRow(report, group, { row, measure, first: at > 0 && index === 0 }),
      ),
    ),
  });
}

/** One axis for all models, but not for a miniature beside others: its BLEU is another one, and all of it is near zero. */
function buildLevelAxis(report: Report, measure: Measure, group: CellGroup): PlotAxis {
  const chance = computeChanceLevel(measure);
  const alone = report.miniature === "part";
  const shown = selectEvaluatedGroups(report, measure).filter(({ name }) => !alone || name === group.name);
  return buildPlotAxis(
    shown.flatMap((one) => buildLevelRows(report, one, measure).flatMap(({ dots }) => dots)),
    { count: 4, cover: chance === null ? [0] : [0, chance] },
  );
}

function renderMeasureAverages(report: Report, measure: Measure): Html {
  const chance = computeChanceLevel(measure);
  return html`<h3>${formatMeasureName(measure)}</h3>
<figure><figcaption>Mean over the training languages of each resource level, on top of the single languages (faint dots).${chance !== null && ` The dashed line is chance: one of seven topics, ${chance.toFixed(1)} %.`}</figcaption>${renderLegend(omitUnusedUnclassified(report, levelMarkers))}
<div class="panels three">${selectEvaluatedGroups(report, measure).map((group) => renderLevelPanel(report, group, { measure, axis: buildLevelAxis(report, measure, group) }))}</div></figure>
${renderAverageTable(report, measure)}`;
}

/** Averages by resource level and mixture, of training and of related languages: per measure a plot per model, and a table. */
export function renderAveragesSection(report: Report): Html {
  return html`<section aria-labelledby="averages">
<h2 id="averages">Averages</h2>
<p>Every language has the same weight, whichever category it belongs to. Only training languages have a resource level: 2 are high, 6 medium and 6 low (paper, Table 1).${hasUnclassifiedLanguages(report) && " Training languages that are not in that table are “not classified”."} An average is left out, as a dash, while one of its scores is missing.</p>
${report.measures.length === 0 && html`<p>No scores yet.</p>`}
${report.measures.map((measure) => renderMeasureAverages(report, measure))}
</section>`;
}
