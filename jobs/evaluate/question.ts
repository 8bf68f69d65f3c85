/**
 * How a benchmark asks that the evaluator does not know by its name: in the words of SIB-200 or of FLORES-200, with what
 * is its own. `items` are those of its test split, per language.
 */
export type Question =
  | { kind: "classification"; items: number; labels: readonly string[]; heading: string; example: string }
  | { kind: "translation"; items: number };
