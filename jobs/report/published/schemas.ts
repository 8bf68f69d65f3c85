import { z } from "zod";
import { cellById } from "../../matrix/cell.ts";
import { familyNames } from "../../matrix/families.ts";

/** A text is never taken for a number by accident: "" would become 0. */
const number = (least: number, most: number) =>
  z.string().regex(/^-?\d+(\.\d+)?$/, "expected a number").transform(Number).pipe(z.number().min(least).max(most));

const text = z.string().min(1);
const isCell = (id: string): boolean => cellById(id) !== undefined;
const cellId = text.refine(isCell, "expected a cell of the matrix, such as L3-Bi+Code-Stag");
/** `base` is the model before any training. */
const config = text.refine((id) => id === "base" || isCell(id), 'expected "base" or a cell of the matrix, such as L3-Bi+Code-Stag');

const scoreRow = { model_family: z.enum(familyNames), base_model: text, config, language: text, table: text };

export const sib200Row = z.object({ ...scoreRow, accuracy: number(0, 100) });
export const flores200Row = z.object({ ...scoreRow, direction: z.enum(["xx-eng", "eng-xx"]), bleu: number(0, 100) });

export const resourceLevels = ["high", "medium", "low"] as const;
/** How much text there is in a training language (paper, Table 1). */
export type ResourceLevel = (typeof resourceLevels)[number];

export const languageRow = z.object({
  category: z.enum(["altruistic", "selfish", "stagnant"]),
  role: z.enum(["training", "related", "english"]),
  language: text,
  resource: z.enum([...resourceLevels, ""]),
});

export const checkpointRow = z.object({ config: cellId, step: number(1, 1e9) });

export const categoryRow = z.object({
  config: cellId,
  training_change_pct: number(-100, 1e4),
  related_change_pct: number(-100, 1e4),
  met: z.enum(["yes", "no"]),
  table: text,
});
