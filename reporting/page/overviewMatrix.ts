import type { Category } from "../../jobs/matrix/index.ts";
import type { JudgedCell, JudgedReport } from "../category/categoryVerdict.ts";
import { hasPrediction } from "../category/predictionRule.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { selectCategories, selectMixtures } from "../matrixAxes.ts";
import { groupCells } from "../reportModel.ts";
import type { CellGroup } from "../reportModel.ts";
import { renderColumnHead, renderGroupHead, renderHeadRow, renderHtmlTable, renderTallTextHead } from "./htmlTable.ts";
import { buildCategoryScoresId } from "./languagesSection.ts";
import { formatWithSign } from "./textFormat.ts";

/** `2 of 12` cells of a category that meet their prediction; the title alone if none is judged. */
function renderCategoryHead(report: JudgedReport, category: Category, columns: number): Html {
  const judged = report.judgedCells.filter(
    ({ cell, verdict }) => cell.category === category.name && verdict.met !== null,
  );
  const met = judged.filter(({ verdict }) => verdict.met).length;
  const count = judged.length > 0 && html` <span class="soft">${met} of ${judged.length} as predicted</span>`;
  return renderGroupHead([category.title, count], columns);
}

/** The two changes of a cell, training over related, or whether it has scores if no change is known. */
function renderCellChanges({ cell, verdict: { training, related, met } }: JudgedCell): Html {
  if (training === null && related === null) return html`${cell.scores.length > 0 ? "scored" : "–"}`;
  const [first, second] = [training, related].map((change) => formatWithSign(change?.pct, 0));
  const changes = html`${first}<br>${second}`;
  return met === true ? html`<b>${changes} ✓</b>` : changes;
}

/** How many of several cells meet their prediction; their number alone if none has a verdict. */
function renderCellCount(judged: readonly JudgedCell[]): Html {
  const withVerdict = judged.filter(({ verdict }) => verdict.met !== null);
  const met = withVerdict.filter(({ verdict }) => verdict.met).length;
  return withVerdict.length === 0 ? html`${judged.length} cells` : html`${met} of<br>${withVerdict.length} ✓`;
}

interface MatrixPosition {
  readonly group: CellGroup;
  readonly category: Category;
  readonly data: string;
}

/** The cells at one position: several if they differ in their seed or another axis. */
function renderMatrixCell(report: JudgedReport, { group, category, data }: MatrixPosition): Html {
  const judged = report.judgedCells.filter(
    ({ cell }) => cell.group === group.name && cell.category === category.name && cell.data === data,
  );
  const [first] = judged;
  if (first === undefined) return html`<td class="absent"></td>`;
  const content = judged.length === 1 ? renderCellChanges(first) : renderCellCount(judged);
  const labels = judged.map(({ cell }) => cell.label).join(", ");
  return html`<td title="${labels}"><a href="#${buildCategoryScoresId(group, category)}">${content}</a></td>`;
}

function describeMatrix({ judgedCells }: JudgedReport): string {
  return judgedCells.some(({ verdict }) => verdict.training !== null)
    ? "Every cell: change of SIB-200 accuracy of its training languages, and below of the related ones, in %"
    : "Every cell";
}

interface MatrixColumns {
  readonly category: Category;
  readonly mixtures: readonly string[];
}

/** The columns that have cells: an overview of an experiment does not show what it left out of the study. */
function listColumns(report: JudgedReport): MatrixColumns[] {
  const mixtures = selectMixtures(report, report.cells);
  const hasCells = (name: string, mixture: string) =>
    report.cells.some(({ category, data }) => category === name && data === mixture);
  return selectCategories(report, report.cells)
    .map((category) => ({ category, mixtures: mixtures.filter((mixture) => hasCells(category.name, mixture)) }))
    .filter((column) => column.mixtures.length > 0);
}

/** The matrix of cells on one screen: a row per model, a column per category and mixture. */
export function renderOverviewMatrix(report: JudgedReport): Html {
  const columns = listColumns(report);
  const rows = groupCells(report).map((group) => {
    const cells = columns.flatMap(({ category, mixtures }) =>
      mixtures.map((data) => renderMatrixCell(report, { group, category, data })),
    );
    return html`<tr><th scope="row">${group.name}</th>${cells}</tr>`;
  });
  const hasMet = report.judgedCells.some(({ cell, verdict }) => hasPrediction(cell.category) && verdict.met === true);
  return html`<div class="matrix">${renderHtmlTable({
    caption: `${describeMatrix(report)}${hasMet ? " (✓ as predicted)" : ""}`,
    head: html`${renderHeadRow([
      renderTallTextHead("Model"),
      columns.map(({ category, mixtures }) => renderCategoryHead(report, category, mixtures.length)),
    ])}
${renderHeadRow(columns.map(({ mixtures }) => mixtures.map(renderColumnHead)))}`,
    rows,
  })}</div>`;
}
