import { decidingMeasure } from "../category/categoryVerdict.ts";
import type { JudgedCell, JudgedReport } from "../category/categoryVerdict.ts";
import { hasPrediction } from "../category/predictionRule.ts";
import { judgeFindings } from "../findings/judgeFindings.ts";
import type { JudgedFinding } from "../findings/judgeFindings.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { computePaperAgreement } from "../paperAgreement.ts";
import { formatMeasureName } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import { renderOverviewPlot } from "./findingsPlots.ts";
import { buildFindingId, renderVerdictLabel } from "./findingsSection.ts";
import { renderOverviewMatrix } from "./overviewMatrix.ts";
import { describeRecipeAgreement } from "./recipeDifferences.ts";
import { formatCountedNoun, formatDecimal, formatPercentShare, formatWithSign, joinWithAnd } from "./textFormat.ts";
import { renderWithheldNote } from "./withheldNote.ts";

function filterMetCells(judged: readonly JudgedCell[]): JudgedCell[] {
  return judged.filter(({ verdict }) => verdict.met);
}

function listPredictedCells({ judgedCells }: JudgedReport): JudgedCell[] {
  return judgedCells.filter(({ verdict }) => verdict.met !== null);
}

/** A sentence for cells without any answer. */
function renderUnknownAnswer({ cells, judgedCells }: JudgedReport): Html {
  if (cells.length > 0 && cells.every(({ category }) => !hasPrediction(category)))
    return html`<p>The study predicts nothing for the categories of these cells, so there is no prediction to meet. \
<a href="#categories">Their changes against the base model</a>.</p>`;
  const withheld = renderWithheldNote(judgedCells.map(({ verdict }) => verdict));
  return (
    withheld ??
    html`<p>It is unknown whether languages behave as their category predicts: the base model has no scores to \
compare with.</p>`
  );
}

/** The number of cells that meet their prediction, and which do. */
function renderMetCount(report: JudgedReport): Html {
  const judged = listPredictedCells(report);
  if (judged.length === 0) return renderUnknownAnswer(report);
  const met = filterMetCells(judged);
  const predicate = met.length === 1 ? "behaves as its" : "behave as their";
  const names = met.map(({ cell, verdict }) => `${cell.label} (${formatPercentShare(verdict.agreement ?? 0)})`);
  const metNote = met.length > 0 && html`: ${joinWithAnd(names)}; the shares of agreeing resamples are in parentheses`;
  return html`<p><b>${met.length} of ${formatCountedNoun(judged.length, "cell")}</b> ${predicate} category \
predicts, by SIB-200 accuracy against the base model${metNote}. \
<a href="#categories">The rule and all intervals</a>.</p>`;
}

function renderCardContent(report: JudgedReport, { finding }: JudgedFinding): Html | null {
  if (finding.name === "categories") return renderMetCount(report);
  const plot = renderOverviewPlot(report, finding.name);
  return plot && html`<p class="panel-note">${formatMeasureName(decidingMeasure)}, all training languages:</p>${plot}`;
}

function renderFindingCard(report: JudgedReport, judged: JudgedFinding): Html {
  return html`<li class="tile"><p class="panel-title"><a href="#${buildFindingId(judged)}">${judged.finding.title}</a> \
${renderVerdictLabel(judged.verdict)}</p><p class="panel-note">${judged.finding.claim}</p>\
${renderCardContent(report, judged)}</li>`;
}

/** The verdicts on the paper's findings side by side; the number of met predictions alone without any. */
function renderFindingCards(report: JudgedReport): Html {
  const findings = judgeFindings(report);
  return findings.length === 0
    ? html`<p>A miniature gets no verdict on the paper's findings: its scores mean nothing.</p>`
    : html`<ul class="tiles">${findings.map((judged) => renderFindingCard(report, judged))}</ul>
<p class="soft">Between cells of one model and category${describeRecipeAgreement(report)}. Lines are 95 % \
intervals, and on the right are the pairs of cells in which the score is higher.</p>`;
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

/** The results on one screen: the verdicts and the matrix of cells. */
export function renderSummarySection(report: JudgedReport): Html {
  return html`<section class="summary" aria-labelledby="summary">
<h2 id="summary">Summary</h2>
${renderFindingCards(report)}
${renderOverviewMatrix(report)}
${report.miniature !== "whole" && renderAgreementSummary(report)}
</section>`;
}
