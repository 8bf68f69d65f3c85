import { categoryNames, studyMatrix } from "../../jobs/matrix/index.ts";
import type { Category } from "../../jobs/matrix/index.ts";
import { selectCategoryCells } from "../category/categoryVerdict.ts";
import type { JudgedCell, JudgedReport } from "../category/categoryVerdict.ts";
import { hasPrediction, predictions, unchangedThresholdPct } from "../category/predictionRule.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { formatMixtureLabel, selectCategories } from "../matrixAxes.ts";
import { renderForestPlot } from "../plot/forestPlot.ts";
import type { ForestRow, IntervalEstimate } from "../plot/forestPlot.ts";
import { renderLegend } from "../plot/marker.ts";
import type { MarkerKind } from "../plot/marker.ts";
import { buildPlotAxis } from "../plot/plotAxis.ts";
import type { PlotAxis } from "../plot/plotAxis.ts";
import { countRuns } from "../repetitions.ts";
import type { ReportCell } from "../reportModel.ts";
import { resampleCount } from "../statistics/bootstrap.ts";
import { buildElementId, formatCategoryWord, formatIntervalBounds, formatWithSign } from "./textFormat.ts";
import { renderOtherMeasuresTable, renderVerdictTable } from "./verdictTables.ts";
import { renderWithheldNote } from "./withheldNote.ts";

const sideMarkers = [
  { side: "training", kind: "circle", text: "training languages" },
  { side: "related", kind: "diamond", text: "related languages" },
] as const satisfies readonly { side: "training" | "related"; kind: MarkerKind; text: string }[];

function buildEstimates({ verdict }: JudgedCell): IntervalEstimate[] {
  return sideMarkers.flatMap(({ side, kind, text }) => {
    const change = verdict[side];
    if (change === null) return [];
    const { pct, interval } = change;
    const title = `${text}: ${formatWithSign(pct)} %${interval === null ? "" : ` ${formatIntervalBounds(interval)}`}`;
    return [{ kind, value: pct, interval, title }];
  });
}

/** A cell's label without its category, which the panel names. */
function formatShortLabel(cell: ReportCell): string {
  return `${cell.parts.family.prefix}-${formatMixtureLabel(cell)}${cell.label.slice(cell.id.length)}`;
}

function buildForestRow(judged: JudgedCell, previous: JudgedCell | undefined): ForestRow {
  return {
    label: formatShortLabel(judged.cell),
    estimates: buildEstimates(judged),
    flag: judged.verdict.met === true ? "met" : null,
    startsGroup: previous !== undefined && previous.cell.group !== judged.cell.group,
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

/** Id of a category's plot. Added categories are numbered, because two of their names may become the same id. */
function buildCategoryPlotId({ name }: Category, position: number): string {
  return buildElementId("change", name, ...(hasPrediction(name) ? [] : [String(position)]));
}

function renderCategoryPanel(
  report: JudgedReport,
  category: Category,
  { axis, position }: { axis: PlotAxis; position: number },
): Html {
  const cells = selectCategoryCells(report, category);
  const prediction = hasPrediction(category.name)
    ? predictions[category.name]
    : "nothing; the study does not have this category";
  return html`<div class="panel"><p class="panel-title">${category.title}</p>\
<p class="panel-note">Predicted: ${prediction}.</p>${renderForestPlot({
    id: buildCategoryPlotId(category, position),
    title: `Change of SIB-200 accuracy against the base in percent, ${formatCategoryWord(category)} cells`,
    description: `${describeChanges(cells)}.`,
    rows: cells.map((judged, index) => buildForestRow(judged, cells[index - 1])),
    axis,
    band: unchangedThresholdPct,
    unit: "change of mean accuracy, %",
  })}</div>`;
}

function buildChangeAxis({ judgedCells }: JudgedReport): PlotAxis {
  return buildPlotAxis(
    judgedCells.flatMap(({ verdict: { training, related } }) =>
      [training, related].flatMap((change) =>
        change === null ? [] : [change.pct, change.interval?.low ?? change.pct, change.interval?.high ?? change.pct],
      ),
    ),
    { count: 5, cover: [-25, 25], tight: true },
  );
}

/** The study's predictions, whichever cells were run, and the added categories, which have none. */
function renderPredictionList(report: JudgedReport): Html {
  const studied = categoryNames.map(
    (category) => html`<li><b>${studyMatrix.categories[category]?.title}</b>: ${predictions[category]}.</li>`,
  );
  const added = selectCategories(report, report.cells)
    .filter(({ name }) => !hasPrediction(name))
    .map(
      (category) => html`<li><b>${category.title}</b>: no prediction; the study does not have this category. \
Its changes are shown.</li>`,
    );
  return html`<ul class="rule">${studied}${added}</ul>`;
}

/** Note on cells with several runs; nothing if each was trained once. */
function renderRepetitionNote({ judgedCells }: JudgedReport): Html | null {
  return judgedCells.some(({ cell }) => countRuns(cell) > 1)
    ? html` A cell that was trained with several seeds counts once, with the mean of several runs; “SD” is the \
standard deviation of the change over them.`
    : null;
}

function renderRuleText(report: JudgedReport): Html {
  const withheldNote = renderWithheldNote(report.judgedCells.map(({ verdict }) => verdict));
  return html`<p>A category predicts which languages benefit from training on its languages. A change compares the \
mean accuracy on SIB-200 over a cell's training languages (or over the languages related to them; English is neither) \
with the mean of the same languages in the base model, from which training started. A change within \
±${unchangedThresholdPct} %, the gray band, counts as unchanged: with that threshold the rule gives each of the 36 \
verdicts that the paper prints in Table 3. The paper's own wording of the rule could not be read.</p>
${renderPredictionList(report)}
<p>Intervals are 95 % intervals of a hierarchical bootstrap. Each of ${resampleCount.toLocaleString("en")} resamples \
draws, with replacement, as many languages as there are, the test items of each, and the seeds of a cell that was \
trained with several. “Agreeing resamples” is the share of resamples that give the same answer: near 50 % an answer is \
worth little.${renderRepetitionNote(report)}</p>${withheldNote}`;
}

function renderChangeFigure(report: JudgedReport, present: readonly Category[]): Html {
  const axis = buildChangeAxis(report);
  const panels = present.map((category, position) => renderCategoryPanel(report, category, { axis, position }));
  return html`<figure><figcaption><strong>Change of SIB-200 accuracy against the base model.</strong> Lines are 95 % \
intervals; all panels share the axis.</figcaption>${renderLegend(sideMarkers)}
<div class="panels three">${panels}</div></figure>
${present.map((category) => renderVerdictTable(report, category))}
${renderOtherMeasuresTable(report)}`;
}

/** The answers to the study's question: whether each cell behaves as its category predicts. */
export function renderCategoriesSection(report: JudgedReport): Html {
  const present = selectCategories(report, report.cells).filter(
    (category) => selectCategoryCells(report, category).length > 0,
  );
  const hasChanges = report.judgedCells.some(({ verdict }) => verdict.training !== null || verdict.related !== null);
  return html`<section aria-labelledby="categories">
<h2 id="categories">Do cells behave as their category predicts?</h2>
${renderRuleText(report)}
${
  hasChanges
    ? renderChangeFigure(report, present)
    : html`<p class="callout">No answer yet: the base model has no scores on the same items to compare with.</p>`
}
</section>`;
}
