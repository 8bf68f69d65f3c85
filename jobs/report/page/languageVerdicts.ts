import type { Category } from "../../matrix/index.ts";
import { categoriesIn } from "../axes.ts";
import type { AnalysedReport, JudgedCell } from "../category/analysis.ts";
import { isPredicted, predictionText } from "../category/rule.ts";
import { decidingMeasure, type Change, type LanguageVerdict } from "../category/verdict.ts";
import { html, type Html } from "../html.ts";
import { languageName, relatedTo } from "../language.ts";
import { groupsOf } from "../report.ts";
import { categoryWord, intervalText, listed, share, signed } from "./format.ts";
import { languageOddities, marks } from "./notes.ts";
import { columnHead, table, textHead } from "./table.ts";

interface Column {
  readonly judged: JudgedCell;
  readonly verdicts: ReadonlyMap<string, LanguageVerdict>;
}

const columnsOf = (report: AnalysedReport, group: string, category: Category): Column[] =>
  report.judged.filter(({ cell }) => cell.group === group && cell.category === category.name)
    .map((judged) => ({ judged, verdicts: new Map(judged.languages.map((verdict) => [verdict.language, verdict])) }));

const changeCell = (change: Change | null): Html =>
  change === null ? html`<td class="absent">–</td>` : html`<td>${signed(change.pct, 1)} <span class="interval">${intervalText(change, 0)}</span></td>`;

const answer = ({ met, agreement }: LanguageVerdict, { name }: Category): string => {
  if (!isPredicted(name)) return predictionText(name);
  if (met === null || agreement === null) return "unknown";
  return `${met ? "met" : "no"}, ${share(agreement)}`;
};

const cellsOf = (verdict: LanguageVerdict | undefined, category: Category): Html =>
  verdict === undefined
    ? html`<td class="absent" colspan="3">–</td>`
    : html`${changeCell(verdict.training)}${changeCell(verdict.related)}<td class="text">${verdict.met ? html`<b>${answer(verdict, category)}</b>` : answer(verdict, category)}</td>`;

/** Only the study says which language is related to which. */
const relativesOf = (language: string, category: Category): Html | null => {
  const relatives = relatedTo(language, category).map(languageName);
  return relatives.length === 0 ? null : html` <span class="soft">→ ${listed(relatives)}</span>`;
};

const languageRow = (report: AnalysedReport, columns: readonly Column[], { language, category }: { language: string; category: Category }): Html =>
  html`<tr><th scope="row">${languageName(language)}${marks(report, languageOddities(language, category.name, decidingMeasure))}${relativesOf(language, category)}</th>${columns.map(({ verdicts }) => cellsOf(verdicts.get(language), category))}</tr>`;

const groupTable = (report: AnalysedReport, group: string, category: Category): Html | null => {
  const columns = columnsOf(report, group, category);
  if (columns.length === 0) return null;
  return table({
    caption: `${group}, ${categoryWord(category)} languages: change of SIB-200 accuracy, %`,
    head: html`<tr><th scope="col" class="text" rowspan="2">Language → related</th>${columns.map(({ judged }) => html`<th scope="colgroup" colspan="3">${judged.cell.data}</th>`)}</tr>
<tr>${columns.map(() => html`${columnHead("Itself")}${columnHead("Related")}${textHead("Prediction")}`)}</tr>`,
    rows: category.training.map((language) => languageRow(report, columns, { language, category })),
  });
};

const tally = (judged: readonly JudgedCell[]): { met: number; known: number } => {
  const known = judged.flatMap(({ languages }) => languages).filter(({ met }) => met !== null);
  return { met: known.filter(({ met }) => met).length, known: known.length };
};

const tallyText = (judged: readonly JudgedCell[], { name }: Category): string => {
  const { met, known } = tally(judged);
  return isPredicted(name) ? `${String(met)} of ${String(known)}` : predictionText(name);
};

const tallyRow = (report: AnalysedReport, category: Category): Html => {
  const groups = groupsOf(report);
  const ofCategory = report.judged.filter(({ cell }) => cell.category === category.name);
  const counts = [...groups.map(({ name }) => ofCategory.filter(({ cell }) => cell.group === name)), ...(groups.length > 1 ? [ofCategory] : [])];
  return html`<tr><th scope="row">${category.title}</th>${counts.map((judged) => html`<td>${tallyText(judged, category)}</td>`)}</tr>`;
};

const tallyTable = (report: AnalysedReport): Html => {
  const names = groupsOf(report).map(({ name }) => name);
  return table({
    caption: "Languages (times mixtures) that behave as predicted",
    head: html`<tr>${textHead("Category")}${[...names, ...(names.length > 1 ? ["All models"] : [])].map(columnHead)}</tr>`,
    rows: categoriesIn(report, report.cells).map((category) => tallyRow(report, category)),
  });
};

/** The same question for each training language and those related to it. */
export const languageVerdictsSection = (report: AnalysedReport): Html | null => {
  if (report.judged.every(({ languages }) => languages.every(({ training, related }) => training === null && related === null))) return null;
  return html`<section aria-labelledby="by-language">
<h2 id="by-language">Does each language behave as predicted?</h2>
<p>The same rule for one training language and the languages related to it. Here the intervals say what other test items might have given: as many items are drawn with replacement as the test set has. The percentage beside an answer is the share of draws that give the same one.</p>
${tallyTable(report)}
${groupsOf(report).map(({ name, cells }) => html`<details><summary>${name}: every language</summary>${categoriesIn(report, cells).map((category) => groupTable(report, name, category))}</details>`)}
</section>`;
};
