import type { Category } from "../../jobs/matrix/index.ts";
import type { JudgedCell, JudgedReport } from "../category/categoryVerdict.ts";
import { baseRowName, computeRowAverage, computeRowDeviation, listAverageRows } from "../languageAverage.ts";
import { formatMixtureLabel, selectCategories } from "../matrixAxes.ts";
import { buildElementId } from "../page/textFormat.ts";
import { computeSeedDeviation, poolRepetitions } from "../repetitions.ts";
import { groupCells, selectCells } from "../reportModel.ts";
import type { CellGroup, Report, ReportCell } from "../reportModel.ts";
import { findScore } from "../scoreIndex.ts";
import { buildMeasureKey, formatMeasureName, isScoreOf } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import { determineLanguageRole, findLanguageName, sortInPaperOrder } from "../studyLanguages.ts";
import { formatLatexNumber } from "./latexNumber.ts";
import type { LatexRow, LatexTable } from "./latexText.ts";

function hasMeasure({ scores }: ReportCell, measure: Measure): boolean {
  return scores.some((score) => isScoreOf(score, measure));
}

function listScoredLanguages(cells: readonly ReportCell[], measure: Measure, category: Category): string[] {
  const scored = cells.flatMap(({ scores }) => scores.filter((score) => isScoreOf(score, measure)));
  return sortInPaperOrder([...new Set(scored.map(({ language }) => language))], category);
}

/** The base model's score and those of the cells; the highest of several is bold. */
function renderLatexScores(cells: readonly ReportCell[], measure: Measure, language: string): string[] {
  const [base] = cells.flatMap((cell) => findScore(cell.base, measure, language)?.value ?? []);
  const values = cells.map((cell) => findScore(cell.scoreIndex, measure, language)?.value);
  const known = values.filter((value) => value !== undefined);
  const best = known.length < 2 ? undefined : Math.max(...known);
  return [
    formatLatexNumber(base),
    ...cells.map((cell, index) =>
      formatLatexNumber(values[index], {
        deviation: computeSeedDeviation(cell, measure, language),
        isBold: values[index] === best,
      }),
    ),
  ];
}

/** Every score of a category's cells in one measure: a row for each language, columns for each model and mixture. */
function buildScoreTable(report: Report, category: Category, measure: Measure): LatexTable[] {
  const groups = groupCells(report)
    .map(({ name, cells }) => ({ name, cells: selectCells(cells, { category: category.name }) }))
    .filter(({ cells }) => cells.some((cell) => hasMeasure(cell, measure)));
  const languages = listScoredLanguages(selectCells(report.cells, { category: category.name }), measure, category);
  if (groups.length === 0) return [];
  return [
    {
      name: buildElementId("scores", buildMeasureKey(measure), category.name),
      caption: `${formatMeasureName(measure)}, cells of the category ${category.title}; * marks a training language.`,
      rowHead: "Language",
      groups: groups.map(({ name, cells }) => ({ title: name, columns: ["Base", ...cells.map(formatMixtureLabel)] })),
      rows: languages.map((language) => ({
        title: findLanguageName(language) + (determineLanguageRole(language, category) === "training" ? "*" : ""),
        cells: groups.flatMap(({ cells }) => renderLatexScores(cells, measure, language)),
      })),
    },
  ];
}

const latexAverageColumns = [
  { part: "high", title: "High" },
  { part: "medium", title: "Medium" },
  { part: "low", title: "Low" },
  { part: "training", title: "Training" },
  { part: "related", title: "Related" },
] as const;

function buildAverageRow(
  report: Report,
  { groups, measure, row }: { groups: readonly CellGroup[]; measure: Measure; row: string },
): LatexRow {
  const cells = groups.flatMap((group) =>
    latexAverageColumns.map(({ part }) => {
      const options = { group: group.cells, row, measure, part };
      return formatLatexNumber(computeRowAverage(report, options), { deviation: computeRowDeviation(report, options) });
    }),
  );
  return { title: row === baseRowName ? "Base" : row, cells };
}

/** Means of one measure: a row for each mixture, columns for each model and resource level. */
function buildAverageTable(report: Report, measure: Measure): LatexTable {
  const groups = groupCells(report).filter(({ cells }) => cells.some((cell) => hasMeasure(cell, measure)));
  const rows = [...new Set(groups.flatMap(({ cells }) => listAverageRows(report, cells)))];
  return {
    name: buildElementId("averages", buildMeasureKey(measure)),
    caption: `Mean ${formatMeasureName(measure)} by resource level of training languages, and of related ones.`,
    rowHead: "Mixture",
    groups: groups.map(({ name }) => ({ title: name, columns: latexAverageColumns.map(({ title }) => title) })),
    rows: rows.map((row) => buildAverageRow(report, { groups, measure, row })),
  };
}

/** The changes of a cell; of several with other recipes, which are not pooled, one after the other. */
function renderChangeCells(judged: readonly JudgedCell[]): string[] {
  return (["training", "related"] as const).map((side) => {
    const changes = judged.map(({ verdict }) => verdict[side]);
    const texts = changes.map((change) => formatLatexNumber(change?.pct, { deviation: change?.seedDeviation ?? null }));
    return texts.length === 0 ? formatLatexNumber(null) : texts.join(" / ");
  });
}

/** Changes of SIB-200 accuracy against the base model in percent, as in the paper's Table 3. */
function buildChangeTable(report: JudgedReport): LatexTable {
  const groups = groupCells(report);
  const selectJudged = (group: string, row: string, category: string): JudgedCell[] =>
    report.judgedCells.filter(
      ({ cell }) => cell.group === group && formatMixtureLabel(cell) === row && cell.category === category,
    );
  const rows = [...new Set(groups.flatMap(({ cells }) => listAverageRows(report, cells).slice(1)))];
  return {
    name: "changes",
    caption: "Change of the mean SIB-200 accuracy against the base model, in percent.",
    rowHead: "Mixture",
    groups: groups.map(({ name }) => ({ title: name, columns: ["Training", "Related"] })),
    rows: selectCategories(report, report.cells).flatMap(({ name: category, title }, position) =>
      rows.map((row, index) => ({
        title: `${row}, ${title.toLowerCase()}`,
        cells: groups.flatMap(({ name }) => renderChangeCells(selectJudged(name, row, category))),
        startsGroup: position > 0 && index === 0,
      })),
    ),
  };
}

/**
 * The tables of a paper: changes by category, averages, and every score. Empty without scores. As on the page, runs
 * that repeat one another are one cell.
 */
export function buildLatexTables(runReport: JudgedReport): LatexTable[] {
  const report = poolRepetitions(runReport);
  if (report.measures.length === 0) return [];
  const categories = selectCategories(report, report.cells);
  return [
    buildChangeTable(report),
    ...report.measures.map((measure) => buildAverageTable(report, measure)),
    ...report.measures.flatMap((measure) =>
      categories.flatMap((category) => buildScoreTable(report, category, measure)),
    ),
  ];
}
