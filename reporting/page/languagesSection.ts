import type { Category } from "../../jobs/matrix/index.ts";
import { hasPrediction } from "../category/predictionRule.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { findUnitFailure, listFailedLanguages } from "../incompleteUnits.ts";
import { formatMixtureLabel, selectCategories } from "../matrixAxes.ts";
import { compareWithPaper } from "../paperAgreement.ts";
import { computeSeedDeviation, poolRepetitions } from "../repetitions.ts";
import { groupCells, selectCells } from "../reportModel.ts";
import type { CellGroup, Report, ReportCell } from "../reportModel.ts";
import { findScore } from "../scoreIndex.ts";
import type { ScoreIndex } from "../scoreIndex.ts";
import { formatMeasureName, isScoreOf } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import type { Score } from "../scoresConfigMap.ts";
import { determineLanguageRole, findLanguageName, sortInPaperOrder } from "../studyLanguages.ts";
import {
  renderAbsentCell,
  renderBoldIf,
  renderCell,
  renderCode,
  renderColumnHead,
  renderFailedCell,
  renderFilterBox,
  renderGroupHead,
  renderHeadRow,
  renderHtmlTable,
  renderLineCell,
  renderTallTextHead,
} from "./htmlTable.ts";
import { listBaseOddities, listCellOddities, listLanguageOddities, renderNoteMarks } from "./notesSection.ts";
import { buildElementId, formatCategoryWord, formatDecimal, formatWithSign } from "./textFormat.ts";

/** The contents of one table: the cells of a category in one group, for one measure. */
interface LanguageTable {
  readonly report: Report;
  readonly cells: readonly ReportCell[];
  readonly category: Category;
  readonly measure: Measure;
  /** True if any cell has a comparable score of the base model. */
  readonly hasBase: boolean;
  /** True if any cell has a comparable score of the paper. */
  readonly hasPaper: boolean;
}

function buildLanguageTable(
  report: Report,
  cells: readonly ReportCell[],
  { category, measure }: Pick<LanguageTable, "category" | "measure">,
): LanguageTable {
  const hasMeasure = (index: ScoreIndex): boolean => [...index.values()].some((score) => isScoreOf(score, measure));
  return {
    report,
    cells,
    category,
    measure,
    hasBase: cells.some(({ base }) => hasMeasure(base)),
    hasPaper: report.source === "runs" && cells.some(({ paper }) => hasMeasure(paper)),
  };
}

/** The highest value of a language among the mixtures; null if fewer than two have one. */
function findBestScore({ cells, measure }: LanguageTable, language: string): number | null {
  const values = cells.flatMap(({ scoreIndex }) => findScore(scoreIndex, measure, language)?.value ?? []);
  return values.length < 2 ? null : Math.max(...values);
}

function renderDifferenceCell(value: number | undefined, reference: number | undefined): Html {
  return value === undefined || reference === undefined
    ? renderAbsentCell()
    : html`<td class="change">${formatWithSign(value - reference)}</td>`;
}

/** The score of a cell, in bold if it is the best one; `failed` or a dash in place of a missing one. */
function renderScoreCell(table: LanguageTable, cell: ReportCell, language: string): Html {
  const value = findScore(cell.scoreIndex, table.measure, language)?.value;
  if (value !== undefined) {
    const isBest = value === findBestScore(table, language);
    const deviation = computeSeedDeviation(cell, table.measure, language);
    return renderCell([
      renderBoldIf(isBest, formatDecimal(value)),
      deviation !== null && html` <span class="interval">± ${formatDecimal(deviation)}</span>`,
    ]);
  }
  const failure = findUnitFailure(cell.result, { ...table.measure, language });
  return failure === undefined ? renderAbsentCell() : renderFailedCell(failure.reason);
}

/** The difference from the paper's score, marked if it is larger than the items allow. */
function renderPaperCell(score: Score | undefined, paper: Score | undefined): Html {
  if (score === undefined || paper === undefined) return renderAbsentCell();
  const { points, withinItems } = compareWithPaper(score, paper);
  return html`<td class="change">${formatWithSign(points)}${withinItems === false && "*"}</td>`;
}

function renderScoreCells(table: LanguageTable, cell: ReportCell, language: string): Html {
  const [score, base, paper] = [cell.scoreIndex, cell.base, cell.paper].map((index) =>
    findScore(index, table.measure, language),
  );
  return html`${renderScoreCell(table, cell, language)}\
${table.hasBase && renderDifferenceCell(score?.value, base?.value)}${table.hasPaper && renderPaperCell(score, paper)}`;
}

function renderBaseCell({ cells, measure }: LanguageTable, language: string): Html {
  const [base] = cells.flatMap((cell) => findScore(cell.base, measure, language)?.value ?? []);
  return base === undefined ? renderAbsentCell() : renderCell(formatDecimal(base));
}

function describeLanguageRole({ report, category }: LanguageTable, language: string): string {
  const resource = report.published.resources.get(language);
  const role = determineLanguageRole(language, category);
  if (role === "other") return "neither";
  return role === "training" ? `training, ${resource ?? "not classified"}` : role;
}

function renderLanguageRow(table: LanguageTable, language: string): Html {
  const { report, category, measure } = table;
  const marks = renderNoteMarks(report, listLanguageOddities(language, category.name, measure));
  return html`<tr class="${determineLanguageRole(language, category)}">\
<th scope="row">${findLanguageName(language)}${marks} ${renderCode(language)}</th>\
${renderLineCell(describeLanguageRole(table, language))}${table.hasBase && renderBaseCell(table, language)}\
${table.cells.map((cell) => renderScoreCells(table, cell, language))}</tr>`;
}

function renderBaseHead({ report, cells: [first], measure }: LanguageTable): Html {
  const marks = first && renderNoteMarks(report, listBaseOddities(report, first, measure));
  return html`<th scope="col" rowspan="2">Base${marks}</th>`;
}

function renderLanguageTableHead(table: LanguageTable): Html {
  const { report, cells, measure, hasBase, hasPaper } = table;
  const columns = ["Score", ...(hasBase ? ["± base"] : []), ...(hasPaper ? ["± paper"] : [])];
  const mixtureHeads = cells.map((cell) =>
    renderGroupHead(
      [formatMixtureLabel(cell), renderNoteMarks(report, listCellOddities(cell, measure))],
      columns.length,
    ),
  );
  return html`${renderHeadRow([
    ["Language", "Role, resource"].map(renderTallTextHead),
    hasBase && renderBaseHead(table),
    mixtureHeads,
  ])}
${renderHeadRow(cells.map(() => columns.map(renderColumnHead)))}`;
}

/** Languages with a row. The paper never printed English of its stagnant cells: the row is shown as missing. */
function listTableLanguages({ report, cells, category, measure }: LanguageTable): string[] {
  const scored = cells.flatMap(({ scores, result }) => [
    ...scores.filter((score) => isScoreOf(score, measure)).map(({ language }) => language),
    ...listFailedLanguages(result?.failures ?? [], measure),
  ]);
  const unprinted = report.source === "published" && measure.benchmark === "sib200" ? ["eng_Latn"] : [];
  return sortInPaperOrder([...new Set([...scored, ...unprinted])], category);
}

function renderLanguageTable(table: LanguageTable, group: string): Html {
  return renderHtmlTable({
    caption: `${formatMeasureName(table.measure)}: ${group}, ${formatCategoryWord(table.category)} languages`,
    head: renderLanguageTableHead(table),
    rows: listTableLanguages(table).map((language) => renderLanguageRow(table, language)),
  });
}

/** Checks for scores of the variant of a measure; a measure without variants always has a table. */
function hasVariant(cells: readonly ReportCell[], measure: Measure): boolean {
  return measure.variant === undefined || cells.some(({ scores }) => scores.some((score) => isScoreOf(score, measure)));
}

/** Id of the scores of a model in one category. Added categories share the model's, as two may become the same id. */
export function buildCategoryScoresId({ name }: Pick<CellGroup, "name">, category: Category): string {
  return buildElementId("scores", name, ...(hasPrediction(category.name) ? [category.title] : []));
}

function renderCategoryHeading(group: CellGroup, category: Category): Html {
  return hasPrediction(category.name)
    ? html`<h4 id="${buildCategoryScoresId(group, category)}">${category.title} languages</h4>`
    : html`<h4>${category.title} languages</h4>`;
}

function renderCategoryTables(report: Report, group: CellGroup, category: Category): Html | null {
  const { name, cells } = group;
  const categoryCells = selectCells(cells, { category: category.name });
  if (categoryCells.length === 0) return null;
  const measures = report.measures.filter((measure) => hasVariant(categoryCells, measure));
  const tables = measures.map((measure) =>
    renderLanguageTable(buildLanguageTable(report, categoryCells, { category, measure }), name),
  );
  return html`<div class="part">${renderCategoryHeading(group, category)}${tables}</div>`;
}

function renderGroupTables(report: Report, group: CellGroup): Html {
  const tables = selectCategories(report, group.cells).map((category) => renderCategoryTables(report, group, category));
  return html`<h3 id="${buildElementId("scores", group.name)}">${group.name}</h3>
<details><summary>${group.name}: tables of every score</summary>${tables}</details>`;
}

function renderModelNavigation(groups: readonly CellGroup[]): Html {
  const links = groups.map(({ name }) => html`<li><a href="#${buildElementId("scores", name)}">${name}</a></li>`);
  return html`<nav aria-label="Models"><ul>${links}</ul></nav>`;
}

/** Every score with its differences from the base and the paper, one table per model, category and measure. */
export function renderLanguagesSection(runReport: Report): Html {
  const report = poolRepetitions(runReport);
  const groups = groupCells(report);
  const repetitionNote =
    report !== runReport &&
    " A score of a cell with several runs is their mean; “±” in its column is their standard deviation.";
  const paperNote =
    report.source === "runs" &&
    ", “± paper” the difference from the paper's score (* larger than the items allow), both";
  return html`<section aria-labelledby="languages">
<h2 id="languages">Every score</h2>
<p>The highest score of a language among the mixtures is bold. “± base” is the difference from the base \
model's score${paperNote} in points. A dash is a missing number; “failed” is one whose \
evaluation failed, with the reason at the top of the page. “Training”: the cells of the category are trained on \
text in the language; “related”: only on text in a language that it is related to.${repetitionNote}</p>
${renderFilterBox("languages", "zulu llama-3.1")}
${groups.length > 1 && renderModelNavigation(groups)}
${groups.map((group) => renderGroupTables(report, group))}
</section>`;
}
