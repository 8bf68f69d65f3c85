import { z } from "zod";
import type { JudgedReport } from "./category/categoryVerdict.ts";
import { buildFindingValues, findingValueSchema } from "./findings/findingsJson.ts";
import { computeRowAverage, computeRowDeviation, listAverageRows } from "./languageAverage.ts";
import { resourceLevels } from "./published/rowSchemas.ts";
import { compareWithPaper } from "./paperAgreement.ts";
import { buildFailureValues, failureValueSchema } from "./reportFailures.ts";
import { listRecipeDeviations } from "./recipeDeviations.ts";
import { poolRepetitions } from "./repetitions.ts";
import { groupCells } from "./reportModel.ts";
import type { ReportCell } from "./reportModel.ts";
import {
  buildCategoryValues,
  buildEffectValues,
  buildLanguageTests,
  categoryValueSchema,
  effectValueSchema,
  languageTestSchema,
  variantSchema,
} from "./reportStatistics.ts";
import { findScore } from "./scoreIndex.ts";
import type { Measure } from "./scoreMeasure.ts";

const measureShape = { benchmark: z.string(), direction: z.string().nullable(), metric: z.string() };
const unansweredSchema = z.int().min(0);
const scoreValueSchema = z.number().min(0).max(100);
/** Cells of two stacks may share an id, but different runs have different names. */
const runNameSchema = z.string().nullable().describe("name of the training run; null for the paper's cells");

const cellValueSchema = z
  .strictObject({
    id: z.string(),
    run: runNameSchema,
    ...measureShape,
    language: z.string(),
    value: scoreValueSchema,
    base: scoreValueSchema.nullable(),
    published: scoreValueSchema.nullable(),
    withinItems: z.boolean().nullable(),
    unanswered: unansweredSchema.nullable(),
  })
  .describe(
    "One score in percent, unrounded. base: the base model's score; published: the paper's score; " +
      "null if there is no comparable one. withinItems: whether the number of items alone may explain the difference " +
      "from the paper; null if that is not known. unanswered: items that count as wrong, because the model could not " +
      "take them; null for the paper's cells",
  );

const baseValueSchema = z
  .strictObject({
    id: z.string(),
    run: z.string(),
    ...measureShape,
    language: z.string(),
    value: scoreValueSchema,
    unanswered: unansweredSchema,
  })
  .describe("One score of a base model that was evaluated here, in percent, unrounded");

const averageResourceLevels = [...resourceLevels, "unclassified"] as const;

const averageValueSchema = z
  .strictObject({
    ...measureShape,
    variant: variantSchema,
    model: z.string(),
    data: z.string(),
    resource: z.enum(averageResourceLevels).nullable(),
    value: scoreValueSchema,
    deviation: z.number().nullable(),
  })
  .describe(
    "Mean over the training languages of one resource level in all categories, each language with the same weight. " +
      "resource: null for all levels, unclassified for languages without one in the paper. " +
      "data: a mixture, or base for the base model. variant: the parts of the signature that the scores share, if " +
      "the report has scores of other signatures, which are not averaged with them. deviation: standard deviation " +
      "over the seeds; null unless all cells have the same number of runs, of which there are several",
  );

const recipeValueSchema = z
  .strictObject({
    id: z.string(),
    run: runNameSchema,
    setting: z.string(),
    value: z.string(),
    published: z.string().nullable(),
  })
  .describe(
    "A setting of one of the study's cells that can change the result and is not as published; checkpoint: the " +
      "one that was scored. published: null for a setting that the study never published, listed if the cells of " +
      "a model differ in it",
  );

const checkpointValueSchema = z
  .strictObject({
    id: z.string(),
    run: runNameSchema,
    step: z.int(),
    tokens: z.int(),
    ...measureShape,
    language: z.string(),
    value: scoreValueSchema,
    unanswered: unansweredSchema,
  })
  .describe("One score of one checkpoint, for cells of which several are evaluated; tokens: read until then");

const lossValueSchema = z
  .strictObject({
    id: z.string(),
    run: runNameSchema,
    text: z.enum(["training", "held-out"]),
    step: z.int(),
    value: z.number(),
  })
  .describe(
    "One point of a cell's loss curves; text: what is trained on, or the share of it that the cell holds out. " +
      "A curve has at most 200 points",
  );

/** The shape of report.json. `docs/report.schema.json` is generated from it. */
export const reportSchema = z.strictObject({
  paperFindings: z.array(findingValueSchema),
  cells: z.array(cellValueSchema),
  checkpoints: z.array(checkpointValueSchema),
  bases: z.array(baseValueSchema),
  averages: z.array(averageValueSchema),
  categories: z.array(categoryValueSchema),
  languages: z.array(languageTestSchema),
  contrasts: z.array(effectValueSchema),
  recipes: z.array(recipeValueSchema),
  failures: z.array(failureValueSchema),
  losses: z.array(lossValueSchema),
});

export type ReportJson = z.infer<typeof reportSchema>;

type CellValue = ReportJson["cells"][number];

/** The keys that together identify a cell. */
function pickCellIdentity({ id, run }: ReportCell): Pick<CellValue, "id" | "run"> {
  return { id, run: run === "" ? null : run };
}

function buildCellValues(cell: ReportCell): CellValue[] {
  return cell.scores.map((score) => {
    const { benchmark, direction, language, metric, value } = score;
    const [base, published] = [cell.base, cell.paper].map((index) => findScore(index, score, language));
    return {
      ...pickCellIdentity(cell),
      benchmark,
      direction,
      language,
      metric,
      value,
      base: base?.value ?? null,
      published: published?.value ?? null,
      withinItems: cell.run === "" || published === undefined ? null : compareWithPaper(score, published).withinItems,
      unanswered: cell.result === null ? null : (score.unanswered ?? 0),
    };
  });
}

/** A model with positions in several categories has the scores of a language that they share once. */
function omitRepeatedValues(values: readonly CellValue[]): CellValue[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function buildCheckpointValues(cell: ReportCell): ReportJson["checkpoints"] {
  return cell.checkpoints.flatMap(({ step, tokens, scores }) =>
    scores.map(({ benchmark, direction, language, metric, value, unanswered = 0 }) => ({
      ...pickCellIdentity(cell),
      step,
      tokens,
      benchmark,
      direction,
      language,
      metric,
      value,
      unanswered,
    })),
  );
}

function buildBaseValues({ bases }: JudgedReport): ReportJson["bases"] {
  return [...bases.values()].flatMap((base) =>
    base.origin === "published"
      ? []
      : base.result.scores.map(({ benchmark, direction, language, metric, value, unanswered = 0 }) => ({
          id: base.result.cell,
          run: base.result.run,
          benchmark,
          direction,
          language,
          metric,
          value,
          unanswered,
        })),
  );
}

function buildAverageValues(report: JudgedReport, measure: Measure): ReportJson["averages"] {
  const { benchmark, direction, metric, variant = null } = measure;
  return groupCells(report).flatMap(({ name, cells }) =>
    listAverageRows(report, cells).flatMap((row) =>
      [...averageResourceLevels, null].flatMap((resource) => {
        const options = { group: cells, row, measure, part: resource ?? "training" } as const;
        const value = computeRowAverage(report, options);
        const deviation = computeRowDeviation(report, options);
        return value === null
          ? []
          : [{ benchmark, direction, metric, variant, model: name, data: row, resource, value, deviation }];
      }),
    ),
  );
}

function buildLossValues(cell: ReportCell): ReportJson["losses"] {
  const { loss = [], heldOutLoss = [] } = cell.result ?? {};
  const curves = [["training", loss] as const, ["held-out", heldOutLoss] as const];
  return curves.flatMap(([text, points]) =>
    points.map(([step, value]) => ({ ...pickCellIdentity(cell), text, step, value })),
  );
}

/** The report as data for other programs. Values are in percent, unrounded. */
export function buildReportJson(report: JudgedReport): ReportJson {
  const pooled = poolRepetitions(report);
  return {
    paperFindings: buildFindingValues(report),
    cells: omitRepeatedValues(report.cells.flatMap(buildCellValues)),
    checkpoints: report.cells.flatMap(buildCheckpointValues),
    bases: buildBaseValues(report),
    averages: report.measures.flatMap((measure) => buildAverageValues(pooled, measure)),
    categories: buildCategoryValues(report),
    languages: buildLanguageTests(report),
    contrasts: buildEffectValues(report),
    recipes: report.cells.flatMap((cell) =>
      listRecipeDeviations(report, cell).map((deviation) => ({ ...pickCellIdentity(cell), ...deviation })),
    ),
    failures: buildFailureValues(report),
    losses: report.cells.flatMap(buildLossValues),
  };
}
