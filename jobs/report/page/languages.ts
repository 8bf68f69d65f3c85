import type { Category } from "../../matrix/index.ts";
import { categoriesIn } from "../axes.ts";
import { html, type Html } from "../html.ts";
import { inPaperOrder, languageName, roleOf } from "../language.ts";
import { measureKey, measureName, type Measure } from "../measure.ts";
import { cellsAt, groupsOf, type Report, type ReportCell } from "../report.ts";
import { scoreIn } from "../score.ts";
import { categoryWord, fixed, idOf, signed } from "./format.ts";
import { cellOddities, languageOddities, marks, publishedBaseOddities } from "./notes.ts";
import { columnHead, table } from "./table.ts";

/** One table: the cells of a category in one group, for one measure. */
interface Block {
  readonly report: Report;
  readonly cells: readonly ReportCell[];
  readonly category: Category;
  readonly measure: Measure;
  /** Is there any score to set beside these? */
  readonly hasBase: boolean;
  readonly hasPaper: boolean;
}

const blockOf = (report: Report, cells: readonly ReportCell[], { category, measure }: Pick<Block, "category" | "measure">): Block => {
  const of = (index: ReportCell["index"]): boolean => [...index.values()].some((score) => measureKey(score) === measureKey(measure));
  return { report, cells, category, measure, hasBase: cells.some(({ base }) => of(base)), hasPaper: report.source === "runs" && cells.some(({ paper }) => of(paper)) };
};

/** The highest value of a language among the mixtures; null where fewer than two have one. */
const bestOf = ({ cells, measure }: Block, language: string): number | null => {
  const values = cells.flatMap(({ index }) => scoreIn(index, measure, language)?.value ?? []);
  return values.length < 2 ? null : Math.max(...values);
};

const differenceCell = (value: number | undefined, other: number | undefined): Html =>
  value === undefined || other === undefined ? html`<td class="absent">–</td>` : html`<td class="change">${signed(value - other)}</td>`;

const scoreCells = (block: Block, cell: ReportCell, language: string): Html => {
  const value = scoreIn(cell.index, block.measure, language)?.value;
  const [base, paper] = [cell.base, cell.paper].map((index) => scoreIn(index, block.measure, language)?.value);
  const shown = value === undefined ? html`<td class="absent">–</td>` : html`<td>${value === bestOf(block, language) ? html`<b>${fixed(value)}</b>` : fixed(value)}</td>`;
  return html`${shown}${block.hasBase && differenceCell(value, base)}${block.hasPaper && differenceCell(value, paper)}`;
};

const baseCell = ({ cells, measure }: Block, language: string): Html => {
  const base = cells.flatMap((cell) => scoreIn(cell.base, measure, language)?.value ?? [])[0];
  return base === undefined ? html`<td class="absent">–</td>` : html`<td>${fixed(base)}</td>`;
};

const roleText = ({ report, category }: Block, language: string): string => {
  const resource = report.published.resources.get(language);
  const role = roleOf(language, category);
  if (role === "other") return "neither";
  return role === "training" ? `training, ${resource ?? "not classified"}` : role;
};

const languageRow = (block: Block, language: string): Html =>
  html`<tr class="${roleOf(language, block.category)}"><th scope="row">${languageName(language)}${marks(block.report, languageOddities(language, block.category.name, block.measure))} <code>${language}</code></th><td class="text line">${roleText(block, language)}</td>${block.hasBase && baseCell(block, language)}${block.cells.map((cell) => scoreCells(block, cell, language))}</tr>`;

const headOf = (block: Block): Html => {
  const { report, cells, measure, hasBase, hasPaper } = block;
  const below = ["Score", ...(hasBase ? ["± base"] : []), ...(hasPaper ? ["± paper"] : [])];
  const [first] = cells;
  const baseMarks = first && marks(report, publishedBaseOddities(report, first, measure));
  return html`<tr><th scope="col" class="text" rowspan="2">Language</th><th scope="col" class="text" rowspan="2">Role, resource</th>${hasBase && html`<th scope="col" rowspan="2">Base${baseMarks}</th>`}${
    cells.map((cell) => html`<th scope="colgroup" colspan="${below.length}">${cell.data}${marks(report, cellOddities(cell, measure))}</th>`)}</tr>
<tr>${cells.map(() => below.map(columnHead))}</tr>`;
};

/** English of the stagnant cells was never printed: its row is shown as missing, not left out. */
const languagesOf = ({ report, cells, category, measure }: Block): string[] => {
  const scored = cells.flatMap(({ scores }) => scores.filter((score) => measureKey(score) === measureKey(measure)).map(({ language }) => language));
  const unprinted = report.source === "published" && measure.benchmark === "sib200" ? ["eng_Latn"] : [];
  return inPaperOrder([...new Set([...scored, ...unprinted])], category);
};

const blockTable = (block: Block, group: string): Html =>
  table({
    caption: `${measureName(block.measure)}: ${group}, ${categoryWord(block.category)} languages`,
    head: headOf(block),
    rows: languagesOf(block).map((language) => languageRow(block, language)),
  });

const groupTables = (report: Report, group: string, cells: readonly ReportCell[]): Html =>
  html`<h3 id="${idOf("scores", group)}">${group}</h3>${categoriesIn(report, cells).map((category) => {
    const ofCategory = cellsAt(cells, { category: category.name });
    return ofCategory.length === 0 ? null : html`<h4>${category.title} languages</h4>${report.measures.map((measure) => blockTable(blockOf(report, ofCategory, { category, measure }), group))}`;
  })}`;

/** Every score of every cell beside the base's and the paper's, one table per model, category and measure. */
export const languagesSection = (report: Report): Html => {
  const groups = groupsOf(report);
  return html`<section aria-labelledby="languages">
<h2 id="languages">Every score</h2>
<p>The highest score of a language among the mixtures is bold. “± base” is the score minus that of the base model${report.source === "runs" && ", “± paper” the score minus the paper's, both"} in points. A dash is a number that is not there. Training: the cells of the category are trained on text in the language; related: only on text in one that it is related to.</p>
${groups.length > 1 && html`<nav aria-label="Models"><ul>${groups.map(({ name }) => html`<li><a href="#${idOf("scores", name)}">${name}</a></li>`)}</ul></nav>`}
${groups.map(({ name, cells }) => groupTables(report, name, cells))}
</section>`;
};
