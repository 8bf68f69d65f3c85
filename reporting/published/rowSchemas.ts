import { z } from "zod";
import { findStudyCell } from "../../jobs/matrix/matrixCell.ts";
import { familyNames } from "../../jobs/matrix/families.ts";

/** A decimal number in a range. Checked before conversion, because an empty text would become 0. */
function buildNumberSchema(minimum: number, maximum: number) {
  return z
    .string()
    .regex(/^-?\d+(\.\d+)?$/, "expected a number")
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));
}

const nonEmptyText = z.string().min(1);

function isCellId(id: string): boolean {
  return findStudyCell(id) !== undefined;
}

const cellIdSchema = nonEmptyText.refine(isCellId, "expected a cell of the matrix, such as L3-Bi+Code-Stag");
/** A cell, or `base` for the model before any training. */
const publishedConfigSchema = nonEmptyText.refine(
  (id) => id === "base" || isCellId(id),
  'expected "base" or a cell of the matrix, such as L3-Bi+Code-Stag',
);

const scoreRowShape = {
  model_family: z.enum(familyNames),
  base_model: nonEmptyText,
  config: publishedConfigSchema,
  language: nonEmptyText,
  table: nonEmptyText,
};

export const sib200RowSchema = z.object({ ...scoreRowShape, accuracy: buildNumberSchema(0, 100) });
export const flores200RowSchema = z.object({
  ...scoreRowShape,
  direction: z.enum(["xx-eng", "eng-xx"]),
  bleu: buildNumberSchema(0, 100),
});

export const resourceLevels = ["high", "medium", "low"] as const;
/** Amount of available text in a training language (paper, Table 1). */
export type ResourceLevel = (typeof resourceLevels)[number];

export const languageRowSchema = z.object({
  category: z.enum(["altruistic", "selfish", "stagnant"]),
  role: z.enum(["training", "related", "english"]),
  language: nonEmptyText,
  resource: z.enum([...resourceLevels, ""]),
});

export const checkpointRowSchema = z.object({ config: cellIdSchema, step: buildNumberSchema(1, 1e9) });

export const categoryRowSchema = z.object({
  config: cellIdSchema,
  training_change_pct: buildNumberSchema(-100, 1e4),
  related_change_pct: buildNumberSchema(-100, 1e4),
  met: z.enum(["yes", "no"]),
  table: nonEmptyText,
});
