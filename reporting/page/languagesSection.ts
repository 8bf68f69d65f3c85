import type { Category } from "../../jobs/matrix/index.ts";
import { selectCategories } from "../matrixAxes.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { sortInPaperOrder, findLanguageName, determineLanguageRole } from "../studyLanguages.ts";
import { buildMeasureKey, formatMeasureName } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import { selectCells, groupCells } from "../reportModel.ts";
import type { Report, ReportCell } from "../reportModel.ts";
import { findScore } from "../scoreIndex.ts";
import { formatCategoryWord, formatDecimal, buildElementId, formatWithSign } from "./textFormat.ts";
import { listCellOddities, listLanguageOddities, renderNoteMarks, listBaseOddities } from "./notesSection.ts";
import { renderColumnHead, renderHtmlTable } from "./htmlTable.ts";

/** One table: the cells of a category in one group, for one measure. */
interface LanguageTable {
  readonly report: Report;
  readonly cells: readonly ReportCell[];
  readonly category: Category;
  readonly measure: Measure;
  /** Is there any score to set beside these? */
  readonly hasBase: boolean;
  readonly hasPaper: boolean;
}

function buildLanguageTable(
  report: Report,
  cells: readonly ReportCell[],
  { category, measure }: Pick<LanguageTable, "category" | "measure">,
): LanguageTable {
  const hasMeasure = (index: ReportCell["index"]): boolean =>
    [...index.values()].some((score) => buildMeasureKey(score) === buildMeasureKey(measure));
  return {
    report,
    cells,
    category,
    measure,
    hasBase: cells.some(({ base }) => hasMeasure(base)),
    hasPaper: report.source === "runs" && cells.some(({ paper }) => hasMeasure(paper)),
  };
}

/** The highest value of a language among the mixtures; null where fewer than two have one. */
function findBestScore({ cells, measure }: LanguageTable, language: string): number | null {
  const values = cells.flatMap(({ index }) => findScore(index, measure, language)?.value ?? []);
  return values.length < 2 ? null : Math.max(...values);
}

function renderDifferenceCell(value: number | undefined, other: number | undefined): Html {
  return value === undefined || other === undefined
    ? html`<td class="absent">–</td>`
    : html`<td class="change">${formatWithSign(value - other)}</td>`;
}

function renderScoreCells(block: LanguageTable, cell: ReportCell, language: string): Html {
  const value = findScore(cell.index, block.measure, language)?.value;
  const [base, paper] = [cell.base, cell.paper].map((index) => findScore(index, block.measure, language)?.value);
  const shown =
    value === undefined
      ? html`<td class="absent">–</td>`
      : html`<td>${value === findBestScore(block, language) ? html`<b>${formatDecimal(value)}</b>` : formatDecimal(value)}</td>`;
  return html`${shown}${block.hasBase && renderDifferenceCell(value, base)}${block.hasPaper && renderDifferenceCell(value, paper)}`;
}

function renderBaseCell({ cells, measure }: LanguageTable, language: string): Html {
  const base = cells.flatMap((cell) => findScore(cell.base, measure, language)?.value ?? [])[0];
  return base === undefined ? html`<td class="absent">–</td>` : html`<td>${formatDecimal(base)}</td>`;
}

function describeLanguageRole({ report, category }: LanguageTable, language: string): string {
  const resource = report.published.resources.get(language);
  const role = determineLanguageRole(language, category);
  if (role === "other") return "neither";
  return role === "training" ? `training, ${resource ?? "not classified"}` : role;
}

function renderLanguageRow(block: LanguageTable, language: string): Html {
  return html`<tr class="${determineLanguageRole(language, block.category)}"><th scope="row">${findLanguageName(language)}${renderNoteMarks(block.report, listLanguageOddities(language, block.category.name, block.measure))} <code>${language}</code></th><td class="text line">${describeLanguageRole(block, language)}</td>${block.hasBase && renderBaseCell(block, language)}${block.cells.map((cell) => renderScoreCells(block, cell, language))}</tr>`;
}

function renderLanguageTableHead(block: LanguageTable): Html {
  const { report, cells, measure, hasBase, hasPaper } = block;
  const below = ["Score", ...(hasBase ? ["± base"] : []), ...(hasPaper ? ["± paper"] : [])];
  const [first] = cells;
  const baseMarks = first && renderNoteMarks(report, listBaseOddities(report, first, measure));
  return html`<tr><th scope="col" class="text" rowspan="2">Language</th><th scope="col" class="text" rowspan="2">Role, resource</th>${hasBase && html`<th scope="col" rowspan="2">Base${baseMarks}</th>`}${cells.map(
    (cell) =>
      html`<th scope="colgroup" colspan="${below.length}">${cell.data}${renderNoteMarks(report, listCellOddities(cell, measure))}</th>`,
  )}</tr>
<tr>${cells.map(() => below.map(renderColumnHead))}</tr>`;
}

/** English of the stagnant cells was never printed: its row is shown as missing, not left out. */
function listTableLanguages({ report, cells, category, measure }: LanguageTable): string[] {
  const scored = cells.flatMap(({ scores }) =>
    scores.filter((score) => buildMeasureKey(score) === buildMeasureKey(measure)).map(({ language }) => language),
  );
  const unprinted = report.source === "published" && measure.benchmark === "sib200" ? ["eng_Latn"] : [];
  return sortInPaperOrder([...new Set([...scored, ...unprinted])], category);
}

function renderLanguageTable(block: LanguageTable, group: string): Html {
  return renderHtmlTable({
    caption: `${formatMeasureName(block.measure)}: ${group}, ${formatCategoryWord(block.category)} languages`,
    head: renderLanguageTableHead(block),
    rows: listTableLanguages(block).map((language) => renderLanguageRow(block, language)),
  });
}

function renderGroupTables(report: Report, group: string, cells: readonly ReportCell[]): Html {
  return html`<h3 id="${buildElementId("scores", group)}">${group}</h3>${selectCategories(report, cells).map(
    (category) => {
      const ofCategory = selectCells(cells, { category: category.name });
      return ofCategory.length === 0
        ? null
        : html`<h4>${category.title} languages</h4>${report.measures.map((measure) => renderLanguageTable(buildLanguageTable(report, ofCategory, { category, measure }), group))}`;
    },
  )}`;
}

/** Every score of every cell beside the base's and the paper's, one table per model, category and measure. */
export function renderLanguagesSection(report: Report): Html {
  const groups = groupCells(report);
  return html`<section aria-labelledby="languages">
<h2 id="languages">Every score</h2>
<p>The highest score of a language among the mixtures is bold. “± base” is the score minus that of the base model${report.source === "runs" && ", “± paper” the score minus the paper's, both"} in points. A dash is a number that is not there. Training: the cells of the category are trained on text in the language; related: only on text in one that it is related to.</p>
${groups.length > 1 && html`<nav aria-label="Models"><ul>${groups.map(({ name }) => html`<li><a href="#${buildElementId("scores", name)}">${name}</a></li>`)}</ul></nav>`}
${groups.map(({ name, cells }) => renderGroupTables(report, name, cells))}
</section>`;
}
