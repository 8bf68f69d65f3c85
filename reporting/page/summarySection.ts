import type { Category } from "../../jobs/matrix/index.ts";
import { selectCategoryCells } from "../category/categoryVerdict.ts";
import type { JudgedCell, JudgedReport } from "../category/categoryVerdict.ts";
import { formatPrediction, hasPrediction } from "../category/predictionRule.ts";
import { contrasts } from "../contrast.ts";
import type { Contrast } from "../contrast.ts";
import { findEffect, isSignificant } from "../contrastEffect.ts";
import type { ListedEffect } from "../contrastEffect.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { selectCategories } from "../matrixAxes.ts";
import { computePaperAgreement } from "../paperAgreement.ts";
import { formatMeasureName } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import {
  renderAbsentCell,
  renderBoldIf,
  renderCell,
  renderColumnHead,
  renderHeadRow,
  renderHtmlTable,
  renderTableRow,
  renderTextHead,
} from "./htmlTable.ts";
import { describeRecipeAgreement } from "./recipeDifferences.ts";
import {
  formatCountedNoun,
  formatDecimal,
  formatIntervalBounds,
  formatPercentShare,
  formatWithSign,
  joinWithAnd,
} from "./textFormat.ts";
import { renderWithheldNote } from "./withheldNote.ts";

function hasVerdict({ verdict }: JudgedCell): boolean {
  return verdict.met !== null;
}

function filterMetCells(judged: readonly JudgedCell[]): JudgedCell[] {
  return judged.filter(({ verdict }) => verdict.met);
}

function renderCategoryTile(report: JudgedReport, category: Category): Html {
  const judged = selectCategoryCells(report, category).filter(hasVerdict);
  const count = hasPrediction(category.name)
    ? html`<b>${filterMetCells(judged).length}</b> of ${judged.length}`
    : html`<b>–</b>`;
  return html`<div class="tile"><dt>${category.title}</dt>\
<dd>${count}<span>${formatPrediction(category.name)}</span></dd></div>`;
}

function formatMetCells(judged: readonly JudgedCell[]): string {
  return joinWithAnd(
    filterMetCells(judged).map(({ cell, verdict }) => `${cell.label} (${formatPercentShare(verdict.agreement ?? 0)})`),
  );
}

function renderMetCount(judged: readonly JudgedCell[]): Html {
  const met = filterMetCells(judged).length;
  const predicate = met === 1 ? "behaves as its" : "behave as their";
  return html`<p class="lead"><b>${met} of ${formatCountedNoun(judged.length, "cell")}</b> ${predicate} category \
predicts, by SIB-200 accuracy against the base model.</p>`;
}

/** The answer to the study's question, with one number per category. */
function renderAnswer(report: JudgedReport): Html {
  const judged = report.judgedCells.filter(hasVerdict);
  if (report.cells.length > 0 && report.cells.every(({ category }) => !hasPrediction(category)))
    return html`<p>The study predicts nothing for the categories of these cells, so there is no prediction to meet. \
<a href="#categories">Their changes against the base model</a>.</p>`;
  const withheld = renderWithheldNote(report.judgedCells.map(({ verdict }) => verdict));
  if (judged.length === 0 && withheld !== null) return withheld;
  if (judged.length === 0)
    return html`<p>It is unknown whether languages behave as their category predicts: the base model has no scores to \
compare with.</p>`;
  const tiles = selectCategories(report, report.cells).map((category) => renderCategoryTile(report, category));
  const metNote =
    filterMetCells(judged).length > 0 &&
    html`<p>They are ${formatMetCells(judged)}; the shares of agreeing resamples are in parentheses. \
<a href="#categories">The rule and all intervals</a>.</p>`;
  return html`${renderMetCount(judged)}
<dl class="tiles">${tiles}</dl>
${metNote}`;
}

const effectTitles: Readonly<Record<Contrast, string>> = {
  code: "Adding code",
  bilingual: "Bilingual instead of monolingual text",
};

function renderEffectCell(effect: ListedEffect | undefined): Html {
  if (effect === undefined) return renderAbsentCell();
  const difference = renderBoldIf(isSignificant(effect), formatWithSign(effect.difference, 1));
  const interval = effect.interval === null ? "" : formatIntervalBounds(effect.interval);
  return renderCell(html`${difference} <span class="interval">${interval}</span>`);
}

function renderEffectSummaryRow(report: JudgedReport, measure: Measure): Html | null {
  const effects = contrasts.map((contrast) => findEffect(report.effects, contrast, { measure, part: "training" }));
  return effects.every((effect) => effect === undefined)
    ? null
    : renderTableRow(formatMeasureName(measure), effects.map(renderEffectCell));
}

function renderEffectSummaryTable(report: JudgedReport): Html | null {
  const rows = report.measures.flatMap((measure) => renderEffectSummaryRow(report, measure) ?? []);
  if (rows.length === 0) return null;
  const table = renderHtmlTable({
    caption: "Effects on the mean score of training languages, in points",
    head: renderHeadRow([
      renderTextHead("Score"),
      contrasts.map((contrast) => renderColumnHead(effectTitles[contrast])),
    ]),
    rows,
  });
  return html`${table}<p class="soft">Between cells of one model and category${describeRecipeAgreement(report)}. \
95 % intervals are in brackets; an effect is bold if it is significant at 5 %. <a href="#contrasts">All pairs, and \
their other differences</a>.</p>`;
}

function describeAgreement(report: JudgedReport, measure: Measure): string[] {
  const agreement = computePaperAgreement(report, measure);
  if (agreement === null) return [];
  const { compared, mean, meanAbsolute } = agreement;
  return [
    `${formatMeasureName(measure)}: ${formatCountedNoun(compared, "score")}, ` +
      `mean difference ${formatWithSign(mean)}, mean absolute difference ${formatDecimal(meanAbsolute)}`,
  ];
}

function renderAgreementSummary(report: JudgedReport): Html | null {
  if (report.source === "published") return null;
  const parts = report.measures.flatMap((measure) => describeAgreement(report, measure));
  return parts.length === 0
    ? null
    : html`<p>Compared with the published scores, in points: ${parts.join("; ")}. <a href="#agreement">More</a>.</p>`;
}

/** The results for a reader who has two minutes. */
export function renderSummarySection(report: JudgedReport): Html {
  return html`<section class="summary" aria-labelledby="summary">
<h2 id="summary">Summary</h2>
${renderAnswer(report)}
${report.miniature !== "whole" && [renderEffectSummaryTable(report), renderAgreementSummary(report)]}
</section>`;
}
