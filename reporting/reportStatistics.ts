import { z } from "zod";
import type { JudgedReport } from "./category/categoryVerdict.ts";
import type { ConfidenceInterval } from "./statistics/bootstrap.ts";
import { withheldReasons } from "./category/verdictLimits.ts";
import { contrasts } from "./contrast.ts";
import type { ReportCell } from "./reportModel.ts";

const pValueSchema = z.number().min(0).max(1).nullable();

/** A 95 % interval as [low, high]. */
const intervalSchema = z.tuple([z.number(), z.number()]);

/** The parts of the signature that the pooled scores share, if a report has scores of other signatures. */
export const variantSchema = z.string().nullable();

/** The shape of a cell's verdict in report.json. */
export const categoryValueSchema = z
  .strictObject({
    id: z.string(),
    run: z.string().nullable(),
    trainingChangePct: z.number().nullable(),
    relatedChangePct: z.number().nullable(),
    met: z.boolean().nullable(),
    trainingIntervalPct: intervalSchema.nullable(),
    relatedIntervalPct: intervalSchema.nullable(),
    agreement: z.number().min(0).max(1).nullable(),
    withheld: z.enum(withheldReasons).nullable(),
    runs: z.array(z.string()),
    trainingDeviationPct: z.number().nullable(),
    relatedDeviationPct: z.number().nullable(),
  })
  .describe(
    "Change of mean SIB-200 accuracy against the base, 95 % bootstrap intervals, and whether the category's " +
      "prediction is met; agreement: share of resamples with the same answer. null if a score or the base is " +
      "missing; met and agreement are also null if the study predicts nothing for the category, and with the " +
      "intervals if a miniature or too few languages or items are the reason to withhold them. runs: all runs of the " +
      "cell, which differ in the seed; run: the first. The deviations are standard deviations of the changes over them",
  );

/** The shape of an effect of code or bilingual text in report.json. */
export const effectValueSchema = z
  .strictObject({
    contrast: z.enum(contrasts),
    benchmark: z.string(),
    direction: z.string().nullable(),
    metric: z.string(),
    variant: variantSchema,
    languages: z.enum(["training", "related"]),
    pairs: z.int(),
    higher: z.int(),
    without: z.number(),
    with: z.number(),
    difference: z.number(),
    interval: intervalSchema.nullable(),
    p: pValueSchema,
    adjustedP: pValueSchema,
  })
  .describe(
    "Difference of the mean scores of pairs of cells whose text differs in one respect, in points. higher: pairs in " +
      "which the second cell has the higher mean; interval: of a hierarchical bootstrap; p: of a sign-flip test over " +
      "the pairs; adjustedP: corrected by Holm's method for all effects. null for miniatures and fewer than 6 pairs",
  );

/** The shape of a test of one training language in report.json. */
export const languageTestSchema = z
  .strictObject({
    id: z.string(),
    run: z.string().nullable(),
    language: z.string(),
    changePct: z.number().nullable(),
    intervalPct: intervalSchema.nullable(),
    relatedChangePct: z.number().nullable(),
    met: z.boolean().nullable(),
    p: pValueSchema,
    adjustedP: pValueSchema,
  })
  .describe(
    "Change of a training language's SIB-200 accuracy against the base. p: of Fisher's exact test of the numbers of " +
      "correct items; adjustedP: corrected by Holm's method for all languages and mixtures of a model. null for " +
      "miniatures and too few items",
  );

function pickBounds(interval: ConfidenceInterval | null | undefined): [number, number] | null {
  return interval ? [interval.low, interval.high] : null;
}

function pickRunName({ run }: ReportCell): string | null {
  return run === "" ? null : run;
}

export function buildCategoryValues({ judgedCells }: JudgedReport): z.infer<typeof categoryValueSchema>[] {
  return judgedCells.map(({ cell, verdict: { training, related, met, agreement, withheld } }) => ({
    id: cell.id,
    run: pickRunName(cell),
    trainingChangePct: training?.pct ?? null,
    relatedChangePct: related?.pct ?? null,
    met,
    trainingIntervalPct: pickBounds(training?.interval),
    relatedIntervalPct: pickBounds(related?.interval),
    agreement,
    withheld,
    runs: (cell.repetitions ?? [cell]).flatMap((run) => pickRunName(run) ?? []),
    trainingDeviationPct: training?.seedDeviation ?? null,
    relatedDeviationPct: related?.seedDeviation ?? null,
  }));
}

export function buildEffectValues({ effects }: JudgedReport): z.infer<typeof effectValueSchema>[] {
  return effects.map(({ measure: { benchmark, direction, metric, variant = null }, part, ...effect }) => ({
    contrast: effect.contrast,
    benchmark,
    direction,
    metric,
    variant,
    languages: part,
    pairs: effect.pairs,
    higher: effect.higher,
    without: effect.without,
    with: effect.with,
    difference: effect.difference,
    interval: pickBounds(effect.interval),
    p: effect.pValue,
    adjustedP: effect.adjustedP,
  }));
}

export function buildLanguageTests({ judgedCells }: JudgedReport): z.infer<typeof languageTestSchema>[] {
  return judgedCells.flatMap(({ cell, languages }) =>
    languages.map(({ language, training, related, met, pValue, adjustedP }) => ({
      id: cell.id,
      run: pickRunName(cell),
      language,
      changePct: training?.pct ?? null,
      intervalPct: pickBounds(training?.interval),
      relatedChangePct: related?.pct ?? null,
      met,
      p: pValue,
      adjustedP,
    })),
  );
}
