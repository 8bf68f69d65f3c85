import { categories, categoryNames, type CategoryName } from "../../matrix/index.ts";
import type { AnalysedReport, JudgedCell } from "../category/analysis.ts";
import { decidingMeasure, type Change, type LanguageVerdict } from "../category/verdict.ts";
import { html, type Html } from "../html.ts";
import { languageName, relatedTo } from "../language.ts";
import { groupsOf } from "../report.ts";
import { intervalText, listed, share, signed } from "./format.ts";
import { languageOddities, marks } from "./notes.ts";
import { columnHead, table, textHead } from "./table.ts";

interface Column {
  readonly judged: JudgedCell;
  readonly verdicts: ReadonlyMap<string, LanguageVerdict>;
}

const columnsOf = (report: AnalysedReport, group: string, category: CategoryName): Column[] =>
  report.judged.filter(({ cell }) => cell.group === group && cell.category === category)
    .map((judged) => ({ judged, verdicts: new Map(judged.languages.map((verdict) => [verdict.language, verdict])) }));

const changeCell = (change: Change | null): Html =>
  change === null ? html`<td class="absent">–</td>` : html`<td>${signed(change.pct, 1)} <span class="interval">${intervalText(change, 0)}</span></td>`;

const answer = ({ met, agreement }: LanguageVerdict): string => {
  if (met === null || agreement === null) return "unknown";
  return `${met ? "met" : "no"}, ${share(agreement)}`;
};

const cellsOf = (verdict: LanguageVerdict | undefined): Html =>
  verdict === undefined
    ? html`<td class="absent" colspan="3">–</td>`
    : html`${changeCell(verdict.training)}${changeCell(verdict.related)}<td class="text">${verdict.met ? html`<b>${answer(verdict)}</b>` : answer(verdict)}</td>`;

const languageRow = (report: AnalysedReport, columns: readonly Column[], { language, category }: { language: string; category: CategoryName }): Html =>
  html`<tr><th scope="row">${languageName(language)}${marks(report, languageOddities(language, category, decidingMeasure))} <span class="soft">→ ${listed(relatedTo(language, category).map(languageName))}</span></th>${columns.map(({ verdicts }) => cellsOf(verdicts.get(language)))}</tr>`;

const groupTable = (report: AnalysedReport, group: string, category: CategoryName): Html | null => {
  const columns = columnsOf(report, group, category);
  if (columns.length === 0) return null;
  return table({
    caption: `${group}, ${categories[category].title.toLowerCase()} languages: change of SIB-200 accuracy, %`,
    head: html`<tr><th scope="col" class="text" rowspan="2">Language → related</th>${columns.map(({ judged }) => html`<th scope="colgroup" colspan="3">${judged.cell.data}</th>`)}</tr>
<tr>${columns.map(() => html`${columnHead("Itself")}${columnHead("Related")}${textHead("Prediction")}`)}</tr>`,
    rows: categories[category].training.map((language) => languageRow(report, columns, { language, category })),
  });
};

const tally = (judged: readonly JudgedCell[]): { met: number; known: number } => {
  const known = judged.flatMap(({ languages }) => languages).filter(({ met }) => met !== null);
  return { met: known.filter(({ met }) => met).length, known: known.length };
};

const tallyRow = (report: AnalysedReport, category: CategoryName): Html => {
  const groups = groupsOf(report);
  const ofCategory = report.judged.filter(({ cell }) => cell.category === category);
  const counts = [...groups.map(({ name }) => ofCategory.filter(({ cell }) => cell.group === name)), ...(groups.length > 1 ? [ofCategory] : [])].map(tally);
  return html`<tr><th scope="row">${categories[category].title}</th>${counts.map(({ met, known }) => html`<td>${met} of ${known}</td>`)}</tr>`;
};

const tallyTable = (report: AnalysedReport): Html => {
  const names = groupsOf(report).map(({ name }) => name);
  return table({
    caption: "Languages (times mixtures) that behave as predicted",
    head: html`<tr>${textHead("Category")}${[...names, ...(names.length > 1 ? ["All models"] : [])].map(columnHead)}</tr>`,
    rows: categoryNames.map((category) => tallyRow(report, category)),
  });
};

/** The same question for each training language and those related to it. */
export const languageVerdictsSection = (report: AnalysedReport): Html | null => {
  if (tally(report.judged).known === 0) return null;
  return html`<section aria-labelledby="by-language">
<h2 id="by-language">Does each language behave as predicted?</h2>
<p>The same rule for one training language and the languages related to it. Here the intervals say what other test items might have given: as many items are drawn with replacement as the test set has. The percentage beside an answer is the share of draws that give the same one.</p>
${tallyTable(report)}
${groupsOf(report).map(({ name }) => html`<details><summary>${name}: every language</summary>${categoryNames.map((category) => groupTable(report, name, category))}</details>`)}
</section>`;
};
