import { computePaperAgreement } from "../paperAgreement.ts";
import type { Category } from "../../jobs/matrix/index.ts";
import { selectCategories } from "../matrixAxes.ts";
import type { JudgedReport, JudgedCell } from "../category/categoryVerdict.ts";
import { hasPrediction, formatPrediction } from "../category/predictionRule.ts";
import { computeContrastEffect, isSignificant } from "../contrast.ts";
import type { Contrast, ContrastEffect } from "../contrast.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { formatMeasureName } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import {
  formatCountedNoun,
  formatDecimal,
  formatIntervalBounds,
  joinWithAnd,
  formatPercentShare,
  formatWithSign,
} from "./textFormat.ts";
import { describeRecipeAgreement } from "./recipeDifferences.ts";
import { renderColumnHead, renderHtmlTable, renderTextHead } from "./htmlTable.ts";

function selectJudgedCells({ judgedCells: judged }: JudgedReport, { name }: Category): JudgedCell[] {
  return judged.filter(({ cell, verdict }) => cell.category === name && verdict.met !== null);
}

function filterMetCells(judged: readonly JudgedCell[]): JudgedCell[] {
  return judged.filter(({ verdict }) => verdict.met);
}

function renderCategoryTile(report: JudgedReport, category: Category): Html {
  const judged = selectJudgedCells(report, category);
  const count = hasPrediction(category.name)
    ? html`<b>${filterMetCells(judged).length}</b> of ${judged.length}`
    : html`<b>–</b>`;
  return html`<div class="tile"><dt>${category.title}</dt><dd>${count}<span>${formatPrediction(category.name)}</span></dd></div>`;
}

function formatMetCells(judged: readonly JudgedCell[]): string {
  return joinWithAnd(
    filterMetCells(judged).map(({ cell, verdict }) => `${cell.label} (${formatPercentShare(verdict.agreement ?? 0)})`),
  );
}

/** The study's question, in one number per category. */
function renderAnswer(report: JudgedReport): Html {
  const judged = report.judgedCells.filter(({ verdict }) => verdict.met !== null);
  if (report.cells.length > 0 && report.cells.every(({ category }) => !hasPrediction(category)))
    return html`<p>The study predicts nothing for the categories of these cells: there is no prediction to meet. <a href="#categories">Their changes against the base model</a>.</p>`;
  if (judged.length === 0)
    return html`<p>Whether languages behave as their category predicts cannot be said: there are no scores of the base model to compare with.</p>`;
  const met = filterMetCells(judged);
  return html`<p class="lead"><b>${met.length} of ${formatCountedNoun(judged.length, "cell")}</b> ${met.length === 1 ? "behaves" : "behave"} as ${met.length === 1 ? "its" : "their"} category predicts, by SIB-200 accuracy against the base model.</p>
<dl class="tiles">${selectCategories(report, report.cells).map((category) => renderCategoryTile(report, category))}</dl>
${met.length > 0 && html`<p>They are ${formatMetCells(judged)}; in brackets, how many of the resamples agree. <a href="#categories">The rule and all intervals</a>.</p>`}`;
}

const effectTitles: Readonly<Record<Contrast, string>> = {
  code: "Adding code",
  bilingual: "Bilingual instead of monolingual text",
};

function renderEffectCell(effect: ContrastEffect | null): Html {
  return effect === null
    ? html`<td class="absent">–</td>`
    : html`<td>${isSignificant(effect) ? html`<b>${formatWithSign(effect.difference, 1)}</b>` : formatWithSign(effect.difference, 1)} <span class="interval">${formatIntervalBounds(effect.interval)}</span></td>`;
}

const summaryContrasts = ["code", "bilingual"] as const;

function renderEffectSummaryRow(report: JudgedReport, measure: Measure): Html | null {
  const effects = summaryContrasts.map((contrast) =>
    computeContrastEffect(report, contrast, { measure, part: "training" }),
  );
  return effects.every((effect) => effect === null)
    ? null
    : html`<tr><th scope="row">${formatMeasureName(measure)}</th>${effects.map(renderEffectCell)}</tr>`;
}

function renderEffectSummaryTable(report: JudgedReport): Html | null {
  const rows = report.measures.flatMap((measure) => renderEffectSummaryRow(report, measure) ?? []);
  return rows.length === 0
    ? null
    : html`${renderHtmlTable({
        caption: "What changes the mean score of training languages, in points",
        head: html`<tr>${renderTextHead("Score")}${summaryContrasts.map((contrast) => renderColumnHead(effectTitles[contrast]))}</tr>`,
        rows,
      })}<p class="soft">Between cells of one model and category${describeRecipeAgreement(report)}. In brackets 95 % intervals; bold where zero is outside. <a href="#contrasts">All pairs, and what else differs</a>.</p>`;
}

function renderAgreementSummary(report: JudgedReport): Html | null {
  if (report.source === "published") return null;
  const parts = report.measures.flatMap((measure) => {
    const agreement = computePaperAgreement(report, measure);
    return agreement === null
      ? []
      : [
          `${formatMeasureName(measure)}: ${formatCountedNoun(agreement.compared, "score")}, mean difference ${formatWithSign(agreement.mean)}, mean absolute difference ${formatDecimal(agreement.meanAbsolute)}`,
        ];
  });
  return parts.length === 0
    ? null
    : html`<p>Beside the published scores, in points: ${parts.join("; ")}. <a href="#agreement">More</a>.</p>`;
}

/** What a reader with two minutes wants to know. */
export function renderSummarySection(report: JudgedReport): Html {
  return html`<section class="summary" aria-labelledby="summary">
<h2 id="summary">In short</h2>
${renderAnswer(report)}
${report.miniature !== "whole" && [renderEffectSummaryTable(report), renderAgreementSummary(report)]}
</section>`;
}
