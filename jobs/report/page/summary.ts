import { agreementWith } from "../agreement.ts";
import type { Category } from "../../matrix/index.ts";
import { categoriesIn } from "../axes.ts";
import type { AnalysedReport, JudgedCell } from "../category/analysis.ts";
import { isPredicted, predictionText } from "../category/rule.ts";
import { effectOf, isSure, type Contrast, type Effect } from "../contrast.ts";
import { html, type Html } from "../html.ts";
import { measureName, type Measure } from "../measure.ts";
import { counted, fixed, intervalText, listed, share, signed } from "./format.ts";
import { alikeText } from "./recipes.ts";
import { columnHead, table, textHead } from "./table.ts";

const judgedOf = ({ judged }: AnalysedReport, { name }: Category): JudgedCell[] =>
  judged.filter(({ cell, verdict }) => cell.category === name && verdict.met !== null);

const metIn = (judged: readonly JudgedCell[]): JudgedCell[] => judged.filter(({ verdict }) => verdict.met);

const tile = (report: AnalysedReport, category: Category): Html => {
  const judged = judgedOf(report, category);
  const count = isPredicted(category.name) ? html`<b>${metIn(judged).length}</b> of ${judged.length}` : html`<b>–</b>`;
  return html`<div class="tile"><dt>${category.title}</dt><dd>${count}<span>${predictionText(category.name)}</span></dd></div>`;
};

const metCells = (judged: readonly JudgedCell[]): string =>
  listed(metIn(judged).map(({ cell, verdict }) => `${cell.label} (${share(verdict.agreement ?? 0)})`));

/** The study's question, in one number per category. */
const answer = (report: AnalysedReport): Html => {
  const judged = report.judged.filter(({ verdict }) => verdict.met !== null);
  if (report.cells.length > 0 && report.cells.every(({ category }) => !isPredicted(category)))
    return html`<p>The study predicts nothing for the categories of these cells: there is no prediction to meet. <a href="#categories">Their changes against the base model</a>.</p>`;
  if (judged.length === 0) return html`<p>Whether languages behave as their category predicts cannot be said: there are no scores of the base model to compare with.</p>`;
  const met = metIn(judged);
  return html`<p class="lead"><b>${met.length} of ${counted(judged.length, "cell")}</b> ${met.length === 1 ? "behaves" : "behave"} as ${met.length === 1 ? "its" : "their"} category predicts, by SIB-200 accuracy against the base model.</p>
<dl class="tiles">${categoriesIn(report, report.cells).map((category) => tile(report, category))}</dl>
${met.length > 0 && html`<p>They are ${metCells(judged)}; in brackets, how many of the resamples agree. <a href="#categories">The rule and all intervals</a>.</p>`}`;
};

const titles: Readonly<Record<Contrast, string>> = { code: "Adding code", bilingual: "Bilingual instead of monolingual text" };

const effectCell = (effect: Effect | null): Html =>
  effect === null
    ? html`<td class="absent">–</td>`
    : html`<td>${isSure(effect) ? html`<b>${signed(effect.difference, 1)}</b>` : signed(effect.difference, 1)} <span class="interval">${intervalText(effect.interval)}</span></td>`;

const contrastNames = ["code", "bilingual"] as const;

const contrastRow = (report: AnalysedReport, measure: Measure): Html | null => {
  const effects = contrastNames.map((contrast) => effectOf(report, contrast, { measure, part: "training" }));
  return effects.every((effect) => effect === null) ? null : html`<tr><th scope="row">${measureName(measure)}</th>${effects.map(effectCell)}</tr>`;
};

const contrastTable = (report: AnalysedReport): Html | null => {
  const rows = report.measures.flatMap((measure) => contrastRow(report, measure) ?? []);
  return rows.length === 0 ? null : html`${table({
    caption: "What changes the mean score of training languages, in points",
    head: html`<tr>${textHead("Score")}${contrastNames.map((contrast) => columnHead(titles[contrast]))}</tr>`,
    rows,
  })}<p class="soft">Between cells of one model and category${alikeText(report)}. In brackets 95 % intervals; bold where zero is outside. <a href="#contrasts">All pairs, and what else differs</a>.</p>`;
};

const agreementText = (report: AnalysedReport): Html | null => {
  if (report.source === "published") return null;
  const parts = report.measures.flatMap((measure) => {
    const agreement = agreementWith(report, measure);
    return agreement === null ? [] : [`${measureName(measure)}: ${counted(agreement.compared, "score")}, mean difference ${signed(agreement.mean)}, mean absolute difference ${fixed(agreement.meanAbsolute)}`];
  });
  return parts.length === 0 ? null : html`<p>Beside the published scores, in points: ${parts.join("; ")}. <a href="#agreement">More</a>.</p>`;
};

/** What a reader with two minutes wants to know. */
export const summarySection = (report: AnalysedReport): Html => html`<section class="summary" aria-labelledby="summary">
<h2 id="summary">In short</h2>
${answer(report)}
${report.miniature !== "whole" && [contrastTable(report), agreementText(report)]}
</section>`;
