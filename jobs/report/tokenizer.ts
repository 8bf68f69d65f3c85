import type { Report } from "./report.ts";

/** BLEU depends on how it cuts text into tokens; the paper's values are made with this tokenizer. */
export const publishedTokenizer = "flores200";

const tokenizerIn = (signature: string | null): string => /(?:^|\|)tok:([^|]+)/.exec(signature ?? "")?.[1] ?? "unknown";

/** Tokenizers of the BLEU values that are not the paper's: such values cannot be set beside published ones. */
export const otherTokenizers = ({ cells }: Report): string[] => {
  const bleu = cells.flatMap(({ result }) => result?.scores ?? []).filter(({ metric }) => metric === "bleu");
  return [...new Set(bleu.map(({ signature }) => tokenizerIn(signature)))].filter((name) => name !== publishedTokenizer).sort();
};
