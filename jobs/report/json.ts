import { z } from "zod";
import type { AnalysedReport } from "./category/analysis.ts";
import type { Change, Verdict } from "./category/verdict.ts";
import type { Measure } from "./measure.ts";
import { resourceLevels } from "./published/schemas.ts";
import { deviationsOf } from "./recipe.ts";
import { groupsOf, type ReportCell } from "./report.ts";
import { averageRows, rowAverage } from "./row.ts";
import { scoreIn, type ScoreIndex } from "./score.ts";

const measureShape = { benchmark: z.string(), direction: z.string().nullable(), metric: z.string() };
const score = z.number().min(0).max(100);
/** Two stacks may have cells of one id; the runs that differ have names that do. */
const run = z.string().nullable().describe("name of the training run; null for the paper's cells");
const interval = z.tuple([z.number(), z.number()]);

const cellValue = z
  .strictObject({ id: z.string(), run, ...measureShape, language: z.string(), value: score, base: score.nullable(), published: score.nullable() })
  .describe("One score in percent, unrounded. base: the base model's; published: the paper's; null where there is none that may stand beside it");

const baseValue = z
  .strictObject({ id: z.string(), run: z.string(), ...measureShape, language: z.string(), value: score })
  .describe("One score of a base model that was evaluated here, in percent, unrounded");

const averageLevels = [...resourceLevels, "unclassified"] as const;

const averageValue = z
  .strictObject({ ...measureShape, model: z.string(), data: z.string(), resource: z.enum(averageLevels).nullable(), value: score })
  .describe("Mean over the training languages of one resource level (null: of all; unclassified: the paper gives them none) in all categories, each language with the same weight. data: a mixture, or base");

const categoryValue = z
  .strictObject({
    id: z.string(),
    run,
    trainingChangePct: z.number().nullable(),
    relatedChangePct: z.number().nullable(),
    met: z.boolean().nullable(),
    trainingIntervalPct: interval.nullable(),
    relatedIntervalPct: interval.nullable(),
    agreement: z.number().min(0).max(1).nullable(),
  })
  .describe("Change of mean SIB-200 accuracy against the base, 95 % bootstrap intervals, and whether the category's prediction is met; agreement: share of resamples with the same answer. null: a score or the base is missing; met also where nothing is predicted of the category");

const recipeValue = z
  .strictObject({ id: z.string(), run, setting: z.string(), value: z.string(), published: z.string().nullable() })
  .describe("A setting of a cell of the study that can change the result and is not as published; checkpoint: the one that was scored. published: null for what the study never said, where the cells of a model differ in it");

/** The shape of a report as data. `docs/report.schema.json` is made from it. */
export const reportSchema = z.strictObject({ cells: z.array(cellValue), bases: z.array(baseValue), averages: z.array(averageValue), categories: z.array(categoryValue), recipes: z.array(recipeValue) });

export type ReportJson = z.infer<typeof reportSchema>;

type CellValue = ReportJson["cells"][number];

/** What tells a cell from all others. */
const identity = ({ id, run: name }: ReportCell): Pick<CellValue, "id" | "run"> => ({ id, run: name === "" ? null : name });

const cellValues = (cell: ReportCell): CellValue[] =>
  cell.scores.map((one) => {
    const { benchmark, direction, language, metric, value } = one;
    const valueIn = (index: ScoreIndex): number | null => scoreIn(index, one, language)?.value ?? null;
    return { ...identity(cell), benchmark, direction, language, metric, value, base: valueIn(cell.base), published: valueIn(cell.paper) };
  });

const baseValues = ({ bases }: AnalysedReport): ReportJson["bases"] =>
  [...bases.values()].flatMap((base) =>
    base.origin === "published"
      ? []
      : base.result.scores.map(({ benchmark, direction, language, metric, value }) => ({ id: base.result.cell, run: base.result.run, benchmark, direction, language, metric, value })),
  );

const averagesOf = (report: AnalysedReport, measure: Measure): ReportJson["averages"] =>
  groupsOf(report).flatMap(({ name, cells }) => averageRows(report, cells).flatMap((row) => [...averageLevels, null].flatMap((resource) => {
    const value = rowAverage(report, { group: cells, row, measure, part: resource ?? "training" });
    return value === null ? [] : [{ ...measure, model: name, data: row, resource, value }];
  })));

const intervalOf = (change: Change | null): [number, number] | null => change && [change.low, change.high];

const categoryOf = (cell: ReportCell, { training, related, met, agreement }: Verdict): ReportJson["categories"][number] => ({
  ...identity(cell),
  trainingChangePct: training?.pct ?? null,
  relatedChangePct: related?.pct ?? null,
  met,
  trainingIntervalPct: intervalOf(training),
  relatedIntervalPct: intervalOf(related),
  agreement,
});

/** The report as data, for other programs. Values are percent, unrounded. */
export const toJson = (report: AnalysedReport): ReportJson => ({
  cells: report.cells.flatMap(cellValues),
  bases: baseValues(report),
  averages: report.measures.flatMap((one) => averagesOf(report, one)),
  categories: report.judged.map(({ cell, verdict }) => categoryOf(cell, verdict)),
  recipes: report.cells.flatMap((cell) => deviationsOf(report, cell).map((deviation) => ({ ...identity(cell), ...deviation }))),
});
