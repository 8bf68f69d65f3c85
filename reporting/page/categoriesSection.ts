import { categoryNames, studyMatrix } from "../../jobs/matrix/index.ts";
import type { Category } from "../../jobs/matrix/index.ts";
import { selectCategories } from "../matrixAxes.ts";
import type { JudgedReport, JudgedCell } from "../category/categoryVerdict.ts";
import {
  hasPrediction,
  determineChangeDirection,
  predictions,
  formatPrediction,
  unchangedThresholdPct,
} from "../category/predictionRule.ts";
import { decidingMeasure, computePlainChanges } from "../category/categoryVerdict.ts";
import type { ChangeEstimate } from "../category/categoryVerdict.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { buildMeasureKey, formatMeasureName } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import { renderForestPlot } from "../plot/forestPlot.ts";
import type { IntervalEstimate, ForestRow } from "../plot/forestPlot.ts";
import { renderLegend } from "../plot/marker.ts";
import type { MarkerKind } from "../plot/marker.ts";
import { buildPlotAxis } from "../plot/plotAxis.ts";
import type { PlotAxis } from "../plot/plotAxis.ts";
import type { ReportCell } from "../reportModel.ts";
import { resampleCount } from "../statistics/bootstrap.ts";
import {
  formatCategoryWord,
  buildElementId,
  formatIntervalBounds,
  formatPercentShare,
  formatWithSign,
} from "./textFormat.ts";
import { listCellOddities, renderNoteMarks, listBaseOddities } from "./notesSection.ts";
import { renderColumnHead, renderHtmlTable, renderTextHead } from "./htmlTable.ts";

const sideMarkers = [
  { side: "training", kind: "circle", text: "training languages" },
  { side: "related", kind: "diamond", text: "related languages" },
] as const satisfies readonly { side: "training" | "related"; kind: MarkerKind; text: string }[];

function selectCategoryCells({ judgedCells: judged }: JudgedReport, { name }: Category): JudgedCell[] {
  return judged.filter(({ cell }) => cell.category === name);
}

function buildEstimates({ verdict }: JudgedCell): IntervalEstimate[] {
  return sideMarkers.flatMap(({ side, kind, text }) => {
    const change = verdict[side];
    return change === null
      ? []
      : [
          {
            kind,
            value: change.pct,
            low: change.low,
            high: change.high,
            title: `${text}: ${formatWithSign(change.pct)} % ${formatIntervalBounds(change)}`,
          },
        ];
  });
}

/** A cell's label without its category, which the panel says. */
function formatShortLabel({ id, label, data, parts }: ReportCell): string {
  return `${parts.family.prefix}-${data}${label.slice(id.length)}`;
}

function buildForestRow(judged: JudgedCell, before: JudgedCell | undefined): ForestRow {
  return {
    label: formatShortLabel(judged.cell),
    estimates: buildEstimates(judged),
    flag: judged.verdict.met === true ? "met" : null,
    startsGroup: before !== undefined && before.cell.group !== judged.cell.group,
  };
}

function describeChanges(cells: readonly JudgedCell[]): string {
  return cells
    .map(
      ({ cell, verdict: { training, related } }) =>
        `${cell.label}: training ${formatWithSign(training?.pct, 1)}, related ${formatWithSign(related?.pct, 1)}`,
    )
    .join("; ");
}

function renderCategoryPanel(
  report: JudgedReport,
  category: Category,
  { axis, at }: { axis: PlotAxis; at: number },
): Html {
  const cells = selectCategoryCells(report, category);
  return html`<div class="panel"><p class="panel-title">${category.title}</p><p class="panel-note">Predicted: ${hasPrediction(category.name) ? predictions[category.name] : "nothing; the study does not have this category"}.</p>${renderForestPlot(
    {
      // names of two stacks may be one in an id
      id: buildElementId("change", category.name, ...(hasPrediction(category.name) ? [] : [String(at)])),
      title: `Change of SIB-200 accuracy against the base in percent, ${formatCategoryWord(category)} cells`,
      description: `${describeChanges(cells)}.`,
      rows: cells.map((judged, index) => buildForestRow(judged, cells[index - 1])),
      axis,
      band: unchangedThresholdPct,
      unit: "change of mean accuracy, %",
    },
  )}</div>`;
}

function renderChangeCell(change: ChangeEstimate | null): Html {
  return change === null
    ? html`<td class="absent">–</td>`
    : html`<td>${formatWithSign(change.pct)} <span class="interval">${formatIntervalBounds(change)}</span></td>`;
}

function formatChangeDirection(change: ChangeEstimate | null): string {
  return change === null ? "–" : determineChangeDirection(change.pct);
}

function renderPredictionCell({ category }: ReportCell, met: boolean | null): Html {
  return met === null
    ? html`<td class="text absent">${hasPrediction(category) ? "unknown" : formatPrediction(category)}</td>`
    : html`<td class="text line">${met ? html`<b>met</b>` : "not met"}</td>`;
}

function renderVerdictRow(
  report: JudgedReport,
  { cell, verdict: { training, related, met, agreement } }: JudgedCell,
): Html {
  return html`<tr><th scope="row">${cell.label}${renderNoteMarks(report, [...listCellOddities(cell, decidingMeasure), ...listBaseOddities(report, cell, decidingMeasure)])}</th>${renderChangeCell(training)}${renderChangeCell(related)}<td class="text line">${formatChangeDirection(training)}, ${formatChangeDirection(related)}</td>${renderPredictionCell(cell, met)}<td>${agreement === null ? "–" : formatPercentShare(agreement)}</td></tr>`;
}

function renderVerdictTable(report: JudgedReport, category: Category): Html | null {
  const cells = selectCategoryCells(report, category);
  return cells.length === 0
    ? null
    : renderHtmlTable({
        caption: `${category.title} cells: change of mean SIB-200 accuracy against the base, %`,
        head: html`<tr>${renderTextHead("Cell")}${["Training languages", "Related languages"].map(renderColumnHead)}${renderTextHead("Seen: training, related")}${renderTextHead("Prediction")}${renderColumnHead("Resamples that agree")}</tr>`,
        rows: cells.map((judged) => renderVerdictRow(report, judged)),
      });
}

/** The other measures in which some cell can be compared with its base. */
function listOtherMeasures(report: JudgedReport): Measure[] {
  return report.measures.filter(
    (measure) =>
      buildMeasureKey(measure) !== buildMeasureKey(decidingMeasure) &&
      report.cells.some((cell) => computePlainChanges(cell, measure).training !== null),
  );
}

function renderOtherMeasuresRow(report: JudgedReport, cell: ReportCell, measures: readonly Measure[]): Html {
  return html`<tr><th scope="row">${cell.label}</th>${measures.map((measure) => {
    const { training, related } = computePlainChanges(cell, measure);
    const noted = renderNoteMarks(report, [
      ...listCellOddities(cell, measure),
      ...listBaseOddities(report, cell, measure),
    ]);
    return html`<td>${formatWithSign(training, 1)}${noted}</td><td>${formatWithSign(related, 1)}${noted}</td>`;
  })}</tr>`;
}

/** The paper asks the question of classification alone; what the same cells do in translation. */
function renderOtherMeasuresTable(report: JudgedReport): Html | null {
  const measures = listOtherMeasures(report);
  return measures.length === 0
    ? null
    : html`<p>The paper asks this of classification alone. In translation the same cells change by:</p>${renderHtmlTable(
        {
          caption: "Change of the mean translation score against the base, %",
          head: html`<tr><th scope="col" class="text" rowspan="2">Cell</th>${measures.map((measure) => html`<th scope="colgroup" colspan="2">${formatMeasureName(measure)}</th>`)}</tr>
<tr>${measures.map(() => ["Training", "Related"].map(renderColumnHead))}</tr>`,
          rows: report.cells.map((cell) => renderOtherMeasuresRow(report, cell, measures)),
        },
      )}`;
}

function buildChangeAxis({ judgedCells: judged }: JudgedReport): PlotAxis {
  return buildPlotAxis(
    judged.flatMap(({ verdict: { training, related } }) =>
      [training, related].flatMap((change) => (change === null ? [] : [change.low, change.high])),
    ),
    { count: 5, cover: [-25, 25], tight: true },
  );
}

/** Languages are drawn with replacement: of one language every draw is the same. */
function renderSingleLanguageNote({ training, related }: Category): Html | null {
  return training.length === 1 || related.length === 1
    ? html` An interval over a single language has no width: it says nothing of other languages.`
    : null;
}

/** The study's predictions, whatever was run, and that there is none for what was added to it. */
function renderPredictionList(report: JudgedReport): Html {
  const added = selectCategories(report, report.cells).filter(({ name }) => !hasPrediction(name));
  return html`<ul class="rule">${categoryNames.map((category) => html`<li><b>${studyMatrix.categories[category]?.title}</b>: ${predictions[category]}.</li>`)}${added.map(
    (category) =>
      html`<li><b>${category.title}</b>: no prediction; the study does not have this category. Its changes are shown.${renderSingleLanguageNote(category)}</li>`,
  )}</ul>`;
}

function renderRuleText(report: JudgedReport): Html {
  return html`<p>A category predicts whom training on its languages helps. Change: the mean accuracy on SIB-200 over a cell's training languages (or over the languages related to them; English is neither), against the mean of the same languages in the base model, the one that training began with. It counts as none within ±${unchangedThresholdPct} %, the grey band: with that threshold the rule gives each of the 36 verdicts that the paper prints in Table 3; the paper's own wording of it could not be read.</p>
${renderPredictionList(report)}
<p>Intervals are 95 % bootstrap intervals: ${resampleCount.toLocaleString("en")} times, as many languages are drawn with replacement as there are. “Resamples that agree” is how often such a draw gives the same answer: near 50 % an answer is worth little.</p>`;
}

/** The study's question: does each cell behave as its category predicts? */
export function renderCategoriesSection(report: JudgedReport): Html {
  const axis = buildChangeAxis(report);
  const present = selectCategories(report, report.cells).filter(
    (category) => selectCategoryCells(report, category).length > 0,
  );
  const known = report.judgedCells.some(({ verdict }) => verdict.training !== null || verdict.related !== null);
  return html`<section aria-labelledby="categories">
<h2 id="categories">Do cells behave as their category predicts?</h2>
${renderRuleText(report)}
${
  known
    ? html`<figure><figcaption><strong>Change of SIB-200 accuracy against the base model.</strong> Lines are 95 % intervals; all panels share the axis.</figcaption>${renderLegend(sideMarkers)}
<div class="panels three">${present.map((category, at) => renderCategoryPanel(report, category, { axis, at }))}</div></figure>
${present.map((category) => renderVerdictTable(report, category))}
${renderOtherMeasuresTable(report)}`
    : html`<p class="callout">No answer yet: there are no scores of the base model on the same items to compare with.</p>`
}
</section>`;
}
