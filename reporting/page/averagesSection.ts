import { html } from "../html.ts";
import type { Html } from "../html.ts";
import {
  baseRowName,
  computeRowAverage,
  computeRowDeviation,
  listAverageRows,
  listRowValues,
  selectSubsetLanguages,
} from "../languageAverage.ts";
import type { LanguageSubset } from "../languageAverage.ts";
import { formatMixtureLabel } from "../matrixAxes.ts";
import { renderLevelPlot } from "../plot/levelPlot.ts";
import type { LevelRow } from "../plot/levelPlot.ts";
import { renderLegend } from "../plot/marker.ts";
import { buildPlotAxis } from "../plot/plotAxis.ts";
import type { PlotAxis } from "../plot/plotAxis.ts";
import { poolRepetitions } from "../repetitions.ts";
import { groupCells } from "../reportModel.ts";
import type { CellGroup, Report } from "../reportModel.ts";
import {
  buildMeasureKey,
  computeChanceLevel,
  formatMeasureName,
  formatMetricName,
  formatTaskName,
  isScoreOf,
  measuresLanguage,
} from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import { renderCell, renderColumnHead, renderHeadRow, renderHtmlTable, renderTextHead } from "./htmlTable.ts";
import { levelMarkers } from "./levelMarkers.ts";
import { listBaseOddities, listCellOddities, renderNoteMarks } from "./notesSection.ts";
import { buildElementId, formatDecimal } from "./textFormat.ts";

const averageMarkers = [...levelMarkers, { part: "unclassified", kind: "diamond", text: "not classified" }] as const;

/** Checks for training languages that the paper does not classify; they are shown separately. */
function hasUnclassifiedLanguages({ cells, published: { resources } }: Report): boolean {
  return cells.some((cell) => selectSubsetLanguages(cell, "unclassified", resources).length > 0);
}

function omitUnusedUnclassified<Column extends { readonly part: LanguageSubset }>(
  report: Report,
  columns: readonly Column[],
): Column[] {
  return columns.filter(({ part }) => part !== "unclassified" || hasUnclassifiedLanguages(report));
}

const averageColumns: readonly { readonly part: LanguageSubset; readonly title: string }[] = [
  { part: "high", title: "High" },
  { part: "medium", title: "Medium" },
  { part: "low", title: "Low" },
  { part: "unclassified", title: "Not classified" },
  { part: "training", title: "All training" },
  { part: "related", title: "Related" },
];

/** English has a column only without a direction: nothing is translated from English to English. */
function selectMeasureColumns(report: Report, { direction }: Measure): typeof averageColumns {
  return omitUnusedUnclassified(
    report,
    direction === null ? [...averageColumns, { part: "english", title: "English" }] : averageColumns,
  );
}

function formatRowTitle(row: string): string {
  return row === baseRowName ? "Base" : row;
}

function buildLevelRow(
  report: Report,
  group: CellGroup,
  { measure, row }: { measure: Measure; row: string },
): LevelRow {
  return {
    label: formatRowTitle(row),
    dots: listRowValues(report, { group: group.cells, row, measure, part: "training" }),
    means: averageMarkers.flatMap(({ part, kind, text }) => {
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

/** Groups with any score of this measure. */
function selectEvaluatedGroups(report: Report, measure: Measure): CellGroup[] {
  return groupCells(report).filter(({ cells }) =>
    cells.some(({ scores }) => scores.some((score) => isScoreOf(score, measure))),
  );
}

/** The rows of a group; the base only if it has scores. */
function listGroupRows(report: Report, group: CellGroup, measure: Measure): readonly string[] {
  return listAverageRows(report, group.cells).filter(
    (row) =>
      row !== baseRowName || listRowValues(report, { group: group.cells, row, measure, part: "training" }).length > 0,
  );
}

function buildLevelRows(report: Report, group: CellGroup, measure: Measure): LevelRow[] {
  return listGroupRows(report, group, measure).map((row) => buildLevelRow(report, group, { measure, row }));
}

/** One axis for all models; a miniature beside others has its own, because its BLEU differs and is near zero. */
function buildLevelAxis(report: Report, measure: Measure, group: CellGroup): PlotAxis {
  const chance = computeChanceLevel(measure);
  const hasOwnAxis = report.miniature === "part";
  const onAxis = selectEvaluatedGroups(report, measure).filter(({ name }) => !hasOwnAxis || name === group.name);
  return buildPlotAxis(
    onAxis.flatMap((other) => buildLevelRows(report, other, measure).flatMap(({ dots }) => dots)),
    { count: 4, cover: chance === null ? [0] : [0, chance] },
  );
}

function renderLevelPanel(report: Report, group: CellGroup, measure: Measure): Html {
  const rows = buildLevelRows(report, group, measure);
  const chance = computeChanceLevel(measure);
  return html`<div class="panel"><p class="panel-title">${group.name}</p>${renderLevelPlot({
    id: buildElementId("levels", buildMeasureKey(measure), group.name),
    title: `${formatMeasureName(measure)} by resource level and mixture, ${group.name}`,
    description: `${describeLevelRows(rows)}.`,
    rows,
    axis: buildLevelAxis(report, measure, group),
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
    group.cells.filter((cell) => formatMixtureLabel(cell) === row).flatMap((cell) => listCellOddities(cell, measure)),
  );
}

interface AverageRow {
  readonly row: string;
  readonly measure: Measure;
  /** Draws a line above the row, where another group begins. */
  readonly startsGroup: boolean;
}

/** An average with its standard deviation over seeds, if its cells have several. */
function renderAverage(report: Report, options: Parameters<typeof computeRowAverage>[1]): Html {
  const deviation = computeRowDeviation(report, options);
  return renderCell([
    formatDecimal(computeRowAverage(report, options)),
    deviation !== null && html` <span class="interval">± ${formatDecimal(deviation)}</span>`,
  ]);
}

function renderAverageRow(report: Report, group: CellGroup, { row, measure, startsGroup }: AverageRow): Html {
  const head = html`<th scope="row"><span class="soft">${group.name}</span> ${formatRowTitle(row)}\
${renderRowMarks(report, group, { row, measure })}</th>`;
  const cells = selectMeasureColumns(report, measure).map(({ part }) =>
    renderAverage(report, { group: group.cells, row, measure, part }),
  );
  return startsGroup ? html`<tr class="total">${head}${cells}</tr>` : html`<tr>${head}${cells}</tr>`;
}

function renderAverageTable(report: Report, measure: Measure): Html {
  return renderHtmlTable({
    caption: `Mean ${formatMetricName(measure.metric)}, ${formatTaskName(measure)}`,
    head: renderHeadRow([
      renderTextHead("Model and mixture"),
      selectMeasureColumns(report, measure).map(({ title }) => renderColumnHead(title)),
    ]),
    rows: selectEvaluatedGroups(report, measure).flatMap((group, position) =>
      listGroupRows(report, group, measure).map((row, index) =>
        renderAverageRow(report, group, { row, measure, startsGroup: position > 0 && index === 0 }),
      ),
    ),
  });
}

const languageMeasureNote =
  " The share of translations whose language, by a language identifier, is the target language: a measure of this " +
  "project, for which the paper prints no numbers.";

function renderMeasureAverages(report: Report, measure: Measure): Html {
  const chance = computeChanceLevel(measure);
  const chanceNote = chance !== null && ` The dashed line is chance: one of seven topics, ${chance.toFixed(1)} %.`;
  const languageNote = measuresLanguage(measure) && languageMeasureNote;
  const groups = selectEvaluatedGroups(report, measure);
  return html`<h3>${formatMeasureName(measure)}</h3>
<figure><figcaption>Mean over the training languages of each resource level, on top of the single languages (faint \
dots).${chanceNote}${languageNote}</figcaption>${renderLegend(omitUnusedUnclassified(report, averageMarkers))}
<div class="panels three">${groups.map((group) => renderLevelPanel(report, group, measure))}</div></figure>
${renderAverageTable(report, measure)}`;
}

/** Note on runs that count once and on measures that are not averaged; nothing if there are none. */
function renderPoolingNote(report: Report): Html | null {
  const notes = [
    ...(poolRepetitions(report) === report
      ? []
      : [" Runs with several seeds count as one cell with their mean; ± is the standard deviation over them."]),
    ...(report.measures.every(({ variant }) => variant === undefined)
      ? []
      : [" Scores whose metric signatures differ are never averaged; the differing part is in brackets."]),
  ];
  return notes.length === 0 ? null : html`${notes}`;
}

/** Averages by resource level and mixture: for each measure one plot per model, and a table with related languages. */
export function renderAveragesSection(judgedReport: Report): Html {
  const report = poolRepetitions(judgedReport);
  const unclassifiedNote =
    hasUnclassifiedLanguages(report) && " Training languages that are not in that table are “not classified”.";
  return html`<section aria-labelledby="averages">
<h2 id="averages">Averages</h2>
<p>Every language has the same weight, whichever category it belongs to. Only training languages have a resource \
level: 2 are high, 6 medium and 6 low (paper, Table 1).${unclassifiedNote} An average is shown as a dash while one of \
its scores is missing.${renderPoolingNote(judgedReport)}</p>
${report.measures.length === 0 && html`<p>No scores yet.</p>`}
${report.measures.map((measure) => renderMeasureAverages(report, measure))}
</section>`;
}
