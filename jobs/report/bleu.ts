import type { ReportCell } from "./report.ts";
import { publishedTokenizer, tokenizerOf } from "./tokenizer.ts";

const bleuOf = ({ scores }: ReportCell) => scores.filter(({ metric }) => metric === "bleu");

/** Tokenizers of the BLEU values that are not the paper's: such values cannot be set beside published ones. */
export const otherTokenizers = (cells: readonly ReportCell[]): string[] =>
  [...new Set(cells.flatMap(bleuOf).map(({ signature }) => tokenizerOf(signature)))].filter((name) => name !== publishedTokenizer).sort();
