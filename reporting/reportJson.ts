import { z } from "zod";
import type { JudgedReport } from "./category/categoryVerdict.ts";
import type { ChangeEstimate, CategoryVerdict } from "./category/categoryVerdict.ts";
import type { Measure } from "./scoreMeasure.ts";
import { resourceLevels } from "./published/rowSchemas.ts";
import { listRecipeDeviations } from "./recipeDeviations.ts";
import { groupCells } from "./reportModel.ts";
import type { ReportCell } from "./reportModel.ts";
import { listAverageRows, computeRowAverage } from "./languageAverage.ts";
import { findScore } from "./scoreIndex.ts";
import type { ScoreIndex } from "./scoreIndex.ts";

const measureShape = { benchmark: z.string(), direction: z.string().nullable(), metric: z.string() };
const scoreValueSchema = z.number().min(0).max(100);
/** Two stacks may have cells of one id; the runs that differ have names that do. */
const runNameSchema = z.string().nullable().describe("name of the training run; null for the paper's cells");
const intervalPctSchema = z.tuple([z.number(), z.number()]);

const cellValueSchema = z
  .strictObject({
    id: z.string(),
    run: runNameSchema,
    ...measureShape,
    language: z.string(),
    value: scoreValueSchema,
    base: scoreValueSchema.nullable(),
    published: scoreValueSchema.nullable(),
  })
  .describe(
    "One score in percent, unrounded. base: the base model's; published: the paper's; null where there is none that may stand beside it",
  );

const baseValueSchema = z
  .strictObject({ id: z.string(), run: z.string(), ...measureShape, language: z.string(), value: scoreValueSchema })
  .describe("One score of a base model that was evaluated here, in percent, unrounded");

const averageResourceLevels = [...resourceLevels, "unclassified"] as const;

const averageValueSchema = z
  .strictObject({
    ...measureShape,
    model: z.string(),
    data: z.string(),
    resource: z.enum(averageResourceLevels).nullable(),
    value: scoreValueSchema,
  })
  .describe(
    "Mean over the training languages of one resource level (null: of all; unclassified: the paper gives them none) in all categories, each language with the same weight. data: a mixture, or base",
  );

const categoryValueSchema = z
  .strictObject({
    id: z.string(),
    run: runNameSchema,
    trainingChangePct: z.number().nullable(),
    relatedChangePct: z.number().nullable(),
    met: z.boolean().nullable(),
    trainingIntervalPct: intervalPctSchema.nullable(),
    relatedIntervalPct: intervalPctSchema.nullable(),
    agreement: z.number().min(0).max(1).nullable(),
  })
  .describe(
    "Change of mean SIB-200 accuracy against the base, 95 % bootstrap intervals, and whether the category's prediction is met; agreement: share of resamples with the same answer. null: a score or the base is missing; met also where nothing is predicted of the category",
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
    "A setting of a cell of the study that can change the result and is not as published; checkpoint: the one that was scored. published: null for what the study never said, where the cells of a model differ in it",
  );

/** The shape of a report as data. `docs/report.schema.json` is made from it. */
export const reportSchema = z.strictObject({
  cells: z.array(cellValueSchema),
  bases: z.array(baseValueSchema),
  averages: z.array(averageValueSchema),
  categories: z.array(categoryValueSchema),
  recipes: z.array(recipeValueSchema),
});

export type ReportJson = z.infer<typeof reportSchema>;

type CellValue = ReportJson["cells"][number];

/** What tells a cell from all others. */
function pickCellIdentity({ id, run: name }: ReportCell): Pick<CellValue, "id" | "run"> {
  return { id, run: name === "" ? null : name };
}

function buildCellValues(cell: ReportCell): CellValue[] {
  return cell.scores.map((one) => {
    const { benchmark, direction, language, metric, value } = one;
    const findScoreValue = (index: ScoreIndex): number | null => findScore(index, one, language)?.value ?? null;
    return {
      ...pickCellIdentity(cell),
      benchmark,
      direction,
      language,
      metric,
      value,
      base: findScoreValue(cell.base),
      published: findScoreValue(cell.paper),
    };
  });
}

function buildBaseValues({ bases }: JudgedReport): ReportJson["bases"] {
  return [...bases.values()].flatMap((base) =>
    base.origin === "published"
      ? []
      : base.result.scores.map(({ benchmark, direction, language, metric, value }) => ({
          id: base.result.cell,
          run: base.result.run,
          benchmark,
          direction,
          language,
          metric,
          value,
        })),
  );
}

function buildAverageValues(report: JudgedReport, measure: Measure): ReportJson["averages"] {
  return groupCells(report).flatMap(({ name, cells }) =>
    listAverageRows(report, cells).flatMap((row) =>
      [...averageResourceLevels, null].flatMap((resource) => {
        const value = computeRowAverage(report, { group: cells, row, measure, part: resource ?? "training" });
        return value === null ? [] : [{ ...measure, model: name, data: row, resource, value }];
      }),
    ),
  );
}

function pickIntervalPct(change: ChangeEstimate | null): [number, number] | null {
  return change && [change.low, change.high];
}

function buildCategoryValue(
  cell: ReportCell,
  { training, related, met, agreement }: CategoryVerdict,
): ReportJson["categories"][number] {
  return {
    ...pickCellIdentity(cell),
    trainingChangePct: training?.pct ?? null,
    relatedChangePct: related?.pct ?? null,
    met,
    trainingIntervalPct: pickIntervalPct(training),
    relatedIntervalPct: pickIntervalPct(related),
    agreement,
  };
}

/** The report as data, for other programs. Values are percent, unrounded. */
export function buildReportJson(report: JudgedReport): ReportJson {
  return {
    cells: report.cells.flatMap(buildCellValues),
    bases: buildBaseValues(report),
    averages: report.measures.flatMap((one) => buildAverageValues(report, one)),
    categories: report.judgedCells.map(({ cell, verdict }) => buildCategoryValue(cell, verdict)),
    recipes: report.cells.flatMap((cell) =>
      listRecipeDeviations(report, cell).map((deviation) => ({ ...pickCellIdentity(cell), ...deviation })),
    ),
  };
}
