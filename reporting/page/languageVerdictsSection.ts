import type { Category } from "../../jobs/matrix/index.ts";
import { selectCategories } from "../matrixAxes.ts";
import type { JudgedReport, JudgedCell } from "../category/categoryVerdict.ts";
import { hasPrediction, formatPrediction } from "../category/predictionRule.ts";
import { decidingMeasure } from "../category/categoryVerdict.ts";
import type { ChangeEstimate, LanguageVerdict } from "../category/categoryVerdict.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { findLanguageName, listRelatedLanguages } from "../studyLanguages.ts";
import { groupCells } from "../reportModel.ts";
import {
  formatCategoryWord,
  formatIntervalBounds,
  joinWithAnd,
  formatPercentShare,
  formatWithSign,
} from "./textFormat.ts";
import { listLanguageOddities, renderNoteMarks } from "./notesSection.ts";
import { renderColumnHead, renderHtmlTable, renderTextHead } from "./htmlTable.ts";

interface VerdictColumn {
  readonly judged: JudgedCell;
  readonly verdicts: ReadonlyMap<string, LanguageVerdict>;
}

function buildVerdictColumns(report: JudgedReport, group: string, category: Category): VerdictColumn[] {
  return report.judgedCells
    .filter(({ cell }) => cell.group === group && cell.category === category.name)
    .map((judged) => ({ judged, verdicts: new Map(judged.languages.map((verdict) => [verdict.language, verdict])) }));
}

function renderLanguageChangeCell(change: ChangeEstimate | null): Html {
  return change === null
    ? html`<td class="absent">–</td>`
    : html`<td>${formatWithSign(change.pct, 1)} <span class="interval">${formatIntervalBounds(change, 0)}</span></td>`;
}

function formatLanguageVerdict({ met, agreement }: LanguageVerdict, { name }: Category): string {
  if (!hasPrediction(name)) return formatPrediction(name);
  if (met === null || agreement === null) return "unknown";
  return `${met ? "met" : "no"}, ${formatPercentShare(agreement)}`;
}

function renderLanguageVerdictCells(verdict: LanguageVerdict | undefined, category: Category): Html {
  return verdict === undefined
    ? html`<td class="absent" colspan="3">–</td>`
    : html`${renderLanguageChangeCell(verdict.training)}${renderLanguageChangeCell(verdict.related)}<td class="text">${verdict.met ? html`<b>${formatLanguageVerdict(verdict, category)}</b>` : formatLanguageVerdict(verdict, category)}</td>`;
}

/** Only the study says which language is related to which. */
function renderRelatedLanguages(language: string, category: Category): Html | null {
  const relatives = listRelatedLanguages(language, category).map(findLanguageName);
  return relatives.length === 0 ? null : html` <span class="soft">→ ${joinWithAnd(relatives)}</span>`;
}

function renderLanguageVerdictRow(
  report: JudgedReport,
  columns: readonly VerdictColumn[],
  { language, category }: { language: string; category: Category },
): Html {
  return html`<tr><th scope="row">${findLanguageName(language)}${renderNoteMarks(report, listLanguageOddities(language, category.name, decidingMeasure))}${renderRelatedLanguages(language, category)}</th>${columns.map(({ verdicts }) => renderLanguageVerdictCells(verdicts.get(language), category))}</tr>`;
}

function renderLanguageVerdictTable(report: JudgedReport, group: string, category: Category): Html | null {
  const columns = buildVerdictColumns(report, group, category);
  if (columns.length === 0) return null;
  return renderHtmlTable({
    caption: `${group}, ${formatCategoryWord(category)} languages: change of SIB-200 accuracy, %`,
    head: html`<tr><th scope="col" class="text" rowspan="2">Language → related</th>${columns.map(({ judged }) => html`<th scope="colgroup" colspan="3">${judged.cell.data}</th>`)}</tr>
<tr>${columns.map(() => html`${renderColumnHead("Itself")}${renderColumnHead("Related")}${renderTextHead("Prediction")}`)}</tr>`,
    rows: category.training.map((language) => renderLanguageVerdictRow(report, columns, { language, category })),
  });
}

function countMetVerdicts(judged: readonly JudgedCell[]): { met: number; known: number } {
  const known = judged.flatMap(({ languages }) => languages).filter(({ met }) => met !== null);
  return { met: known.filter(({ met }) => met).length, known: known.length };
}

function formatTally(judged: readonly JudgedCell[], { name }: Category): string {
  const { met, known } = countMetVerdicts(judged);
  return hasPrediction(name) ? `${String(met)} of ${String(known)}` : formatPrediction(name);
}

function renderTallyRow(report: JudgedReport, category: Category): Html {
  const groups = groupCells(report);
  const ofCategory = report.judgedCells.filter(({ cell }) => cell.category === category.name);
  const counts = [
    ...groups.map(({ name }) => ofCategory.filter(({ cell }) => cell.group === name)),
    ...(groups.length > 1 ? [ofCategory] : []),
  ];
  return html`<tr><th scope="row">${category.title}</th>${counts.map((judged) => html`<td>${formatTally(judged, category)}</td>`)}</tr>`;
}

function renderTallyTable(report: JudgedReport): Html {
  const names = groupCells(report).map(({ name }) => name);
  return renderHtmlTable({
    caption: "Languages (times mixtures) that behave as predicted",
    head: html`<tr>${renderTextHead("Category")}${[...names, ...(names.length > 1 ? ["All models"] : [])].map(renderColumnHead)}</tr>`,
    rows: selectCategories(report, report.cells).map((category) => renderTallyRow(report, category)),
  });
}

/** The same question for each training language and those related to it. */
export function renderLanguageVerdictsSection(report: JudgedReport): Html | null {
  if (
    report.judgedCells.every(({ languages }) =>
      languages.every(({ training, related }) => training === null && related === null),
    )
  )
    return null;
  return html`<section aria-labelledby="by-language">
<h2 id="by-language">Does each language behave as predicted?</h2>
<p>The same rule for one training language and the languages related to it. Here the intervals say what other test items might have given: as many items are drawn with replacement as the test set has. The percentage beside an answer is the share of draws that give the same one.</p>
${renderTallyTable(report)}
${groupCells(report).map(({ name, cells }) => html`<details><summary>${name}: every language</summary>${selectCategories(report, cells).map((category) => renderLanguageVerdictTable(report, name, category))}</details>`)}
</section>`;
}
