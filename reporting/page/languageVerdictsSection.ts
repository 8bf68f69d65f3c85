import type { Category } from "../../jobs/matrix/index.ts";
import { decidingMeasure, selectCategoryCells } from "../category/categoryVerdict.ts";
import type { JudgedCell, JudgedReport, TestedVerdict } from "../category/categoryVerdict.ts";
import { formatPrediction, hasPrediction } from "../category/predictionRule.ts";
import { isSignificant } from "../contrastEffect.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { formatMixtureLabel, selectCategories } from "../matrixAxes.ts";
import { poolRepetitions } from "../repetitions.ts";
import { groupCells } from "../reportModel.ts";
import { findLanguageName, listRelatedLanguages } from "../studyLanguages.ts";
import {
  renderBoldIf,
  renderCell,
  renderChangeCell,
  renderColumnHead,
  renderGroupHead,
  renderHeadRow,
  renderHtmlTable,
  renderTableRow,
  renderTallTextHead,
  renderTextCell,
  renderTextHead,
} from "./htmlTable.ts";
import { listLanguageOddities, renderNoteMarks } from "./notesSection.ts";
import { formatCategoryWord, formatPercentShare, joinWithAnd } from "./textFormat.ts";
import { renderWithheldNote } from "./withheldNote.ts";

interface VerdictColumn {
  readonly judged: JudgedCell;
  readonly verdicts: ReadonlyMap<string, TestedVerdict>;
}

function buildVerdictColumns(report: JudgedReport, group: string, category: Category): VerdictColumn[] {
  return selectCategoryCells(report, category)
    .filter(({ cell }) => cell.group === group)
    .map((judged) => ({ judged, verdicts: new Map(judged.languages.map((verdict) => [verdict.language, verdict])) }));
}

function formatLanguageVerdict({ met, agreement, withheld }: TestedVerdict, { name }: Category): string {
  if (!hasPrediction(name)) return formatPrediction(name);
  if (met === null || agreement === null) return withheld === null ? "unknown" : "no verdict";
  return `${met ? "met" : "no"}, ${formatPercentShare(agreement)}`;
}

function renderLanguageVerdictCells(verdict: TestedVerdict | undefined, category: Category): Html {
  if (verdict === undefined) return html`<td class="absent" colspan="3">–</td>`;
  const changes = [
    renderChangeCell(verdict.training, { decimals: 1, intervalDecimals: 0, isBold: isSignificant(verdict) }),
    renderChangeCell(verdict.related, { decimals: 1, intervalDecimals: 0 }),
  ];
  const answer = renderBoldIf(verdict.met === true, formatLanguageVerdict(verdict, category));
  return html`${changes}${renderTextCell(answer)}`;
}

/** The relatives of a language, which are known only for the study's categories. */
function renderRelatedLanguages(language: string, category: Category): Html | null {
  const relatives = listRelatedLanguages(language, category).map(findLanguageName);
  return relatives.length === 0 ? null : html` <span class="soft">→ ${joinWithAnd(relatives)}</span>`;
}

function renderLanguageVerdictRow(
  report: JudgedReport,
  columns: readonly VerdictColumn[],
  { language, category }: { language: string; category: Category },
): Html {
  const marks = renderNoteMarks(report, listLanguageOddities(language, category.name, decidingMeasure));
  return renderTableRow(
    [findLanguageName(language), marks, renderRelatedLanguages(language, category)],
    columns.map(({ verdicts }) => renderLanguageVerdictCells(verdicts.get(language), category)),
  );
}

function renderLanguageVerdictTable(report: JudgedReport, group: string, category: Category): Html | null {
  const columns = buildVerdictColumns(report, group, category);
  if (columns.length === 0) return null;
  const mixtureHeads = columns.map(({ judged }) => renderGroupHead(formatMixtureLabel(judged.cell), 3));
  const answerHeads = ["Itself", "Related"].map(renderColumnHead).concat(renderTextHead("Prediction"));
  return renderHtmlTable({
    caption: `${group}, ${formatCategoryWord(category)} languages: change of SIB-200 accuracy, %`,
    head: html`${renderHeadRow([renderTallTextHead("Language → related"), mixtureHeads])}
${renderHeadRow(columns.map(() => answerHeads))}`,
    rows: category.training.map((language) => renderLanguageVerdictRow(report, columns, { language, category })),
  });
}

/** `2 of 5`: languages that behave as predicted, of those with a verdict. */
function formatTally(judged: readonly JudgedCell[], { name }: Category): string {
  if (!hasPrediction(name)) return formatPrediction(name);
  const known = judged.flatMap(({ languages }) => languages).filter(({ met }) => met !== null);
  return `${known.filter(({ met }) => met).length} of ${known.length}`;
}

function renderTallyRow(report: JudgedReport, category: Category): Html {
  const groups = groupCells(report);
  const categoryCells = selectCategoryCells(report, category);
  const counted = [
    ...groups.map(({ name }) => categoryCells.filter(({ cell }) => cell.group === name)),
    ...(groups.length > 1 ? [categoryCells] : []),
  ];
  return renderTableRow(
    category.title,
    counted.map((judged) => renderCell(formatTally(judged, category))),
  );
}

function renderTallyTable(report: JudgedReport): Html {
  const names = groupCells(report).map(({ name }) => name);
  const columns = [...names, ...(names.length > 1 ? ["All models"] : [])];
  return renderHtmlTable({
    caption: "Languages (times mixtures) that behave as predicted",
    head: renderHeadRow([renderTextHead("Category"), columns.map(renderColumnHead)]),
    rows: selectCategories(report, report.cells).map((category) => renderTallyRow(report, category)),
  });
}

function hasAnyChange({ languages }: JudgedCell): boolean {
  return languages.some(({ training, related }) => training !== null || related !== null);
}

/** The study's question for each training language and the languages related to it; null without any change. */
export function renderLanguageVerdictsSection(judgedReport: JudgedReport): Html | null {
  const report = poolRepetitions(judgedReport);
  if (!report.judgedCells.some(hasAnyChange)) return null;
  const details = groupCells(report).map(
    ({ name, cells }) => html`<details><summary>${name}: every language</summary>\
${selectCategories(report, cells).map((category) => renderLanguageVerdictTable(report, name, category))}</details>`,
  );
  const withheldNote = renderWithheldNote(report.judgedCells.flatMap(({ languages }) => languages));
  return html`<section aria-labelledby="by-language">
<h2 id="by-language">Does each language behave as predicted?</h2>
<p>The same rule, applied to one training language and the languages related to it. Here the intervals show the spread \
over other test items: each resample draws as many items as the test set has, with replacement, and the seeds of a \
cell that was trained with several. The percentage beside an answer is the share of resamples that give the same one. \
A language's own change is bold if it is significant at 5 %: Fisher's exact test of the numbers of correct items \
before and after, corrected by Holm's method for all languages and mixtures of a model.</p>${withheldNote}
${renderTallyTable(report)}
${details}
</section>`;
}
