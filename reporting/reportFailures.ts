import { z } from "zod";
import type { Report, ReportCell } from "./reportModel.ts";

/** The shape of a failure in report.json. */
export const failureValueSchema = z
  .strictObject({
    id: z.string(),
    run: z.string(),
    step: z.int().nullable(),
    benchmark: z.string(),
    direction: z.string().nullable(),
    language: z.string(),
    reason: z.string(),
  })
  .describe(
    "A benchmark, direction and language that a checkpoint or base model has no score for: its evaluation failed. " +
      "step: that of the checkpoint; null for a base model, and for scores from before it was recorded",
  );

type FailureValue = z.infer<typeof failureValueSchema>;

/** The failures of all evaluated checkpoints, each once: the last one is among several, and alone otherwise. */
function buildCellFailures({ id, run, result, checkpoints }: ReportCell): FailureValue[] {
  const last = { step: result?.step ?? null, failures: result?.failures ?? [] };
  return [...checkpoints.filter(({ step }) => step !== last.step), last].flatMap(({ step, failures }) =>
    failures.map((failure) => ({ id, run, step, ...failure })),
  );
}

/** The units without a score, of cells and of base models that were evaluated here. */
export function buildFailureValues({ cells, bases }: Pick<Report, "cells" | "bases">): FailureValue[] {
  const baseFailures = [...bases.values()].flatMap((base) => {
    if (base.origin === "published") return [];
    const { cell: id, run, failures = [] } = base.result;
    return failures.map((failure) => ({ id, run, step: null, ...failure }));
  });
  return [...cells.flatMap(buildCellFailures), ...baseFailures];
}
