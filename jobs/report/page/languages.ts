import { cellsAt, scoresOf } from "../averages.ts";
import { categories, categoryNames, type CategoryName } from "../../matrix/axes.ts";
import { html, type Html } from "../html.ts";
import { inPaperOrder, languageName, roleOf } from "../language.ts";
import { byTask, metricName, taskName, type Measure, type Task } from "../measure.ts";
import type { Report, ReportCell } from "../report.ts";
import { fixed } from "./format.ts";
import { columnHead, table, textHead } from "./table.ts";

/** Scores of the cells of one category for one task: value by language, one column per cell and metric. */
interface Column {
  readonly cell: ReportCell;
  readonly measure: Measure;
  readonly values: ReadonlyMap<string, number>;
}

const columnOf = (cell: ReportCell, measure: Measure): Column => ({
  cell,
  measure,
  values: new Map(scoresOf(cell, measure).map(({ language, value }) => [language, value])),
});

/** The highest value of a language among the cells, per metric; null where fewer than two cells have one. */
const bestOf = (columns: readonly Column[], { measure }: Column, language: string): number | null => {
  const values = columns.filter((other) => other.measure === measure).flatMap((other) => other.values.get(language) ?? []);
  return values.length < 2 ? null : Math.max(...values);
};

const scoreCell = (value: number | undefined, best: number | null): Html =>
  value === undefined ? html`<td class="absent">–</td>` : html`<td>${value === best ? html`<b>${fixed(value)}</b>` : fixed(value)}</td>`;

const languageRow = (columns: readonly Column[], language: string, category: CategoryName): Html =>
  html`<tr class="${roleOf(language, category)}"><th scope="row">${languageName(language)} <code>${language}</code></th><td class="text">${roleOf(language, category)}</td>${columns.map((column) => scoreCell(column.values.get(language), bestOf(columns, column, language)))}</tr>`;

const headOf = (cells: readonly ReportCell[], measures: readonly Measure[]): Html =>
  measures.length === 1
    ? html`<tr>${textHead("Language")}${textHead("Role")}${cells.map(({ data }) => columnHead(data))}</tr>`
    : html`<tr><th scope="col" class="text" rowspan="2">Language</th><th scope="col" class="text" rowspan="2">Role</th>${cells.map(({ data }) => html`<th scope="colgroup" colspan="${measures.length}">${data}</th>`)}</tr><tr>${cells.map(() => measures.map(({ metric }) => columnHead(metricName(metric))))}</tr>`;

const taskTable = (cells: readonly ReportCell[], category: CategoryName, [task, measures]: [Task, readonly Measure[]]): Html => {
  const columns = cells.flatMap((cell) => measures.map((measure) => columnOf(cell, measure)));
  const languages = inPaperOrder([...new Set(columns.flatMap(({ values }) => [...values.keys()]))], category);
  const unit = measures.length === 1 ? `: ${measures.map(({ metric }) => metricName(metric)).join()}` : "";
  return table({
    caption: `${taskName(task)}, ${categories[category].title} languages${unit}`,
    head: headOf(cells, measures),
    rows: languages.map((language) => languageRow(columns, language, category)),
  });
};

/** Every score of every cell, one table per category and task. */
export const languagesSection = (report: Report): Html => html`<section aria-labelledby="languages">
<h2 id="languages">Scores per language</h2>
<p>The highest score of a language among the mixtures is bold. A dash is a score that is not there. Role: the cells of the category are trained on text in the language, or only on text in one that it is related to.</p>
${categoryNames.map((category) => {
  const cells = cellsAt(report, null, category);
  return html`<h3>${categories[category].title} languages</h3>${byTask(report.measures).map((group) => taskTable(cells, category, group))}`;
})}
</section>`;
