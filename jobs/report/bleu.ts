import type { Report } from "./report.ts";
import { tokenizerOf } from "./tokenizer.ts";

/** Tokenizers that the BLEU values of the cells were made with. */
export const bleuTokenizers = ({ cells }: Report): string[] => {
  const bleu = cells.flatMap(({ scores }) => scores).filter(({ metric }) => metric === "bleu");
  return [...new Set(bleu.map(({ signature }) => tokenizerOf(signature)))].sort();
};
