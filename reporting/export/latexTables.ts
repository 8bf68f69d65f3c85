import type { Category } from "../../jobs/matrix/index.ts";
import type { JudgedCell, JudgedReport } from "../category/categoryVerdict.ts";
import { baseRowName, computeRowAverage, listAverageRows } from "../languageAverage.ts";
import { selectCategories } from "../matrixAxes.ts";
import { buildElementId } from "../page/textFormat.ts";
import { groupCells, selectCells } from "../reportModel.ts";
import type { CellGroup, Report, ReportCell } from "../reportModel.ts";
import { findScore } from "../scoreIndex.ts";
import { buildMeasureKey, formatMeasureName, isSameMeasure } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import { computeMean } from "../statistics/mean.ts";
import { determineLanguageRole, findLanguageName, sortInPaperOrder } from "../studyLanguages.ts";
import { formatRepetitions } from "./latexNumber.ts";
import type { LatexRow, LatexTable } from "./latexText.ts";

/** The cells of one column: repetitions of one experiment, which differ in their seed alone. */
interface RepetitionColumn {
  readonly title: string;
  readonly cells: readonly ReportCell[];
}

/** Columns of a model's cells, titled by the mixture where that tells them apart. */
function listRepetitionColumns(cells: readonly ReportCell[]): RepetitionColumn[] {
  const columns = [...Map.groupBy(cells, ({ withoutSeed }) => withoutSeed)];
  const mixtures = columns.map(([, [first]]) => first?.data);
  const areDistinct = new Set(mixtures).size === columns.length;
  return columns.map(([name, repetitions]) => ({
    title: (areDistinct ? repetitions[0]?.data : undefined) ?? name,
    cells: repetitions,
  }));
}

function listScoredLanguages(cells: readonly ReportCell[], measure: Measure, category: Category): string[] {
  const scored = cells.flatMap(({ scores }) => scores.filter((score) => isSameMeasure(score, measure)));
  return sortInPaperOrder([...new Set(scored.map(({ language }) => language))], category);
}

function listLanguageValues(cells: readonly ReportCell[], measure: Measure, language: string): number[] {
  return cells.flatMap(({ scoreIndex }) => findScore(scoreIndex, measure, language)?.value ?? []);
}

/** The base model's score and those of the cells; the highest mean is bold. */
function renderLatexScores(columns: readonly RepetitionColumn[], measure: Measure, language: string): string[] {
  const cells = columns.flatMap((column) => column.cells);
  const base = cells.flatMap((cell) => findScore(cell.base, measure, language)?.value ?? []).slice(0, 1);
  const values = columns.map((column) => listLanguageValues(column.cells, measure, language));
  const best = Math.max(...values.map((repetitions) => computeMean(repetitions) ?? -Infinity));
  return [
    formatRepetitions(base),
    ...values.map((repetitions) => formatRepetitions(repetitions, computeMean(repetitions) === best)),
  ];
}

/** Every score of a category's cells in one measure: a row for each language, columns for each model and mixture. */
function buildScoreTable(report: Report, category: Category, measure: Measure): LatexTable[] {
  const groups = groupCells(report)
    .map(({ name, cells }) => ({ name, cells: selectCells(cells, { category: category.name }) }))
    .filter(({ cells }) => cells.some(({ scores }) => scores.some((score) => isSameMeasure(score, measure))))
    .map(({ name, cells }) => ({ name, columns: listRepetitionColumns(cells) }));
  const languages = listScoredLanguages(selectCells(report.cells, { category: category.name }), measure, category);
  if (groups.length === 0) return [];
  return [
    {
      name: buildElementId("scores", buildMeasureKey(measure), category.name),
      caption: `${formatMeasureName(measure)}, cells of the category ${category.title}; * marks a training language.`,
      rowHead: "Language",
      groups: groups.map(({ name, columns }) => ({
        title: name,
        columns: ["Base", ...columns.map(({ title }) => title)],
      })),
      rows: languages.map((language) => ({
        title: findLanguageName(language) + (determineLanguageRole(language, category) === "training" ? "*" : ""),
        cells: groups.flatMap(({ columns }) => renderLatexScores(columns, measure, language)),
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
  const averages = groups.flatMap((group) =>
    latexAverageColumns.map(({ part }) => computeRowAverage(report, { group: group.cells, row, measure, part })),
  );
  return {
    title: row === baseRowName ? "Base" : row,
    cells: averages.map((value) => formatRepetitions(value === null ? [] : [value])),
  };
}

/** Means of one measure: a row for each mixture, columns for each model and resource level. */
function buildAverageTable(report: Report, measure: Measure): LatexTable {
  const groups = groupCells(report).filter(({ cells }) =>
    cells.some(({ scores }) => scores.some((score) => isSameMeasure(score, measure))),
  );
  const rows = [...new Set(groups.flatMap(({ cells }) => listAverageRows(report, cells)))];
  return {
    name: buildElementId("averages", buildMeasureKey(measure)),
    caption: `Mean ${formatMeasureName(measure)} by resource level of training languages, and of related ones.`,
    rowHead: "Mixture",
    groups: groups.map(({ name }) => ({ title: name, columns: latexAverageColumns.map(({ title }) => title) })),
    rows: rows.map((row) => buildAverageRow(report, { groups, measure, row })),
  };
}

function renderChangeCells(judged: readonly JudgedCell[]): string[] {
  return (["training", "related"] as const).map((side) =>
    formatRepetitions(judged.flatMap(({ verdict }) => verdict[side]?.pct ?? [])),
  );
}

/** Changes of SIB-200 accuracy against the base model in percent, as in the paper's Table 3. */
function buildChangeTable(report: JudgedReport): LatexTable {
  const groups = groupCells(report);
  const selectJudged = (group: string, data: string, category: string): JudgedCell[] =>
    report.judgedCells.filter(({ cell }) => cell.group === group && cell.data === data && cell.category === category);
  const mixtures = [...new Set(groups.flatMap(({ cells }) => listAverageRows(report, cells).slice(1)))];
  return {
    name: "changes",
    caption: "Change of the mean SIB-200 accuracy against the base model, in percent.",
    rowHead: "Mixture",
    groups: groups.map(({ name }) => ({ title: name, columns: ["Training", "Related"] })),
    rows: selectCategories(report, report.cells).flatMap(({ name: category, title }, position) =>
      mixtures.map((data, index) => ({
        title: `${data}, ${title.toLowerCase()}`,
        cells: groups.flatMap(({ name }) => renderChangeCells(selectJudged(name, data, category))),
        startsGroup: position > 0 && index === 0,
      })),
    ),
  };
}

/** The tables of a paper: changes by category, averages, and every score. Empty without scores. */
export function buildLatexTables(report: JudgedReport): LatexTable[] {
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
