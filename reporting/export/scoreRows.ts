import { buildBaseModelNames, findFamilyByBase } from "../../jobs/matrix/index.ts";
import { omitSeed } from "../../jobs/matrix/axisSettings.ts";
import type { BaseScoresByModel } from "../baseScores.ts";
import { findModelName } from "../reportModel.ts";
import type { Report, ReportCell } from "../reportModel.ts";
import { seedSetting } from "../repetitions.ts";
import { findScore } from "../scoreIndex.ts";
import type { Score } from "../scoresConfigMap.ts";
import { determineLanguageRole } from "../studyLanguages.ts";

type CsvValue = string | number | boolean | null;

/** One score with everything that identifies it: a row of the CSV file. The keys are its columns, in this order. */
export type ScoreRow = Readonly<Record<ScoreColumn, CsvValue>>;

/**
 * Columns that identify the model that was scored. `kind`: `cell`, `base`, or `checkpoint` for an earlier one.
 * `origin`: trained by a stack or the paper, only evaluated under the name of a cell, or evaluated under a name of its
 * own.
 */
const identityColumns = [
  "kind",
  "origin",
  "model",
  "family",
  "cell",
  "cell_without_seed",
  "mixture",
  "category",
  "axes",
  "seed",
  "run",
  "checkpoint",
  "step",
  "tokens",
] as const;

/** Columns that identify what was measured, and the number. Scores are in percent. */
const scoredColumns = [
  "benchmark",
  "direction",
  "metric",
  "signature",
  "language",
  "role",
  "resource",
  "value",
  "items",
  "unanswered",
  "base",
  "published",
] as const;

export const scoreColumns = [...identityColumns, ...scoredColumns] as const;
type ScoreColumn = (typeof scoreColumns)[number];

type ModelValues = Readonly<Record<(typeof identityColumns)[number], CsvValue>>;
type MeasureValues = Readonly<Record<(typeof scoredColumns)[number], CsvValue>>;

/** The values on added axes: `learning_rate=0.00002;max_steps=100`; null without such axes. */
function formatAxes({ axisValues }: ReportCell): string | null {
  const values = Object.entries(omitSeed(axisValues)).map(([axis, value]) => `${axis}=${String(value)}`);
  return values.length === 0 ? null : values.join(";");
}

/** The seed that the run recorded, or that of the cell's id. */
function findSeed({ result, axisValues }: ReportCell): number | null {
  const seed = result?.recipe?.[seedSetting] ?? axisValues[seedSetting];
  return typeof seed === "number" ? seed : null;
}

function pickModelValues(cell: ReportCell): ModelValues {
  const { group, kind, family, id, withoutSeed, data, category, run, result } = cell;
  return {
    kind: "cell",
    origin: kind,
    model: group,
    family,
    cell: id,
    cell_without_seed: withoutSeed,
    mixture: data,
    category,
    axes: formatAxes(cell),
    seed: findSeed(cell),
    run: run === "" ? null : run,
    checkpoint: result?.checkpoint ?? null,
    step: result?.step ?? null,
    tokens: result?.tokens ?? null,
  };
}

/** Values of a score itself. The paper counts no unanswered items; a run without the key has none. */
function buildScoreValues({ published }: Report, score: Score, isPublished: boolean): MeasureValues {
  const { benchmark, direction, metric, signature, language, value, items, unanswered = 0 } = score;
  return {
    benchmark,
    direction,
    metric,
    signature,
    language,
    role: null,
    resource: published.resources.get(language) ?? null,
    value,
    items,
    unanswered: isPublished ? null : unanswered,
    base: null,
    published: null,
  };
}

function buildCellRows(report: Report, cell: ReportCell, scores: readonly Score[]): ScoreRow[] {
  return scores.map((score) => ({
    ...pickModelValues(cell),
    ...buildScoreValues(report, score, cell.result === null),
    role: determineLanguageRole(score.language, cell.parts.category),
    base: findScore(cell.base, score, score.language)?.value ?? null,
    published: findScore(cell.paper, score, score.language)?.value ?? null,
  }));
}

/** Scores of checkpoints before the one that has the cell's score. */
function buildEarlierRows(report: Report, cell: ReportCell): ScoreRow[] {
  return cell.checkpoints
    .filter(({ step }) => step !== cell.result?.step)
    .flatMap(({ step, tokens, scores }) =>
      buildCellRows(report, cell, scores).map((row) => ({
        ...row,
        kind: "checkpoint",
        checkpoint: null,
        step,
        tokens,
        base: null,
        published: null,
      })),
    );
}

type BaseEntry = readonly [key: string, base: NonNullable<ReturnType<BaseScoresByModel["get"]>>];

/** Scores of a base model that the cells of the report start from. */
function buildBaseRows(report: Report, [key, base]: BaseEntry): ScoreRow[] {
  const result = base.origin === "own" ? base.result : undefined;
  const family = result === undefined ? report.matrix.families[key] : findFamilyByBase(report.matrix, result.cell);
  if (family === undefined || !report.cells.some((cell) => cell.family === family.name)) return [];
  const id = buildBaseModelNames(family).id;
  const values: ModelValues = {
    kind: "base",
    origin: null,
    model: findModelName(report.published, family),
    family: family.name,
    cell: id,
    cell_without_seed: id,
    mixture: null,
    category: null,
    axes: null,
    seed: null,
    run: result?.run ?? null,
    checkpoint: result?.checkpoint ?? null,
    step: null,
    tokens: null,
  };
  return [...base.scores.values()].map((score) => ({
    ...values,
    ...buildScoreValues(report, score, result === undefined),
  }));
}

/** Every score of a report, one row each: cells, their earlier checkpoints, base models. */
export function buildScoreRows(report: Report): ScoreRow[] {
  return [
    ...report.cells.flatMap((cell) => buildCellRows(report, cell, cell.scores)),
    ...report.cells.flatMap((cell) => buildEarlierRows(report, cell)),
    ...[...report.bases].flatMap((entry) => buildBaseRows(report, entry)),
  ];
}

/** A value as RFC 4180 writes it; an empty field without a value. */
function formatCsvValue(value: CsvValue): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The scores of a report as comma-separated values in UTF-8, with a row of column names. */
export function renderScoresCsv(report: Report): string {
  const rows = buildScoreRows(report).map((row) => scoreColumns.map((column) => formatCsvValue(row[column])));
  return [scoreColumns, ...rows].map((fields) => `${fields.join(",")}\n`).join("");
}
