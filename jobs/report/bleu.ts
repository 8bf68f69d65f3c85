import type { ReportCell } from "./report.ts";
import { publishedTokenizer, parseTokenizerName } from "./tokenizer.ts";

const listBleuScores = ({ scores }: ReportCell) => scores.filter(({ metric }) => metric === "bleu");

/** Tokenizers of the BLEU values that are not the paper's: such values cannot be set beside published ones. */
export const listOtherTokenizers = (cells: readonly ReportCell[]): string[] =>
  [...new Set(cells.flatMap(listBleuScores).map(({ signature }) => parseTokenizerName(signature)))].filter((name) => name !== publishedTokenizer).sort();
