import type { Score } from "./scoresConfigMap.ts";

/** The edition of a benchmark that a metric signature names: `flores_plus@5fec6c1`. The paper's own has no name. */
export function parseEditionName(signature: string | null): string {
  return /(?:^|\|)edition:([^|]+)/.exec(signature ?? "")?.[1] ?? "";
}

/** Editions that are not the paper's: scores on them cannot be set beside published ones. */
export function listOtherEditions(cells: readonly { scores: readonly Score[] }[]): string[] {
  return [...new Set(cells.flatMap(({ scores }) => scores.map(({ signature }) => parseEditionName(signature))))]
    .filter(Boolean)
    .sort();
}

function listBleuScores({ scores }: { readonly scores: readonly Score[] }) {
  return scores.filter(({ metric }) => metric === "bleu");
}

/** Tokenizers of the BLEU values that are not the paper's: such values cannot be set beside published ones. */
export function listOtherTokenizers(cells: readonly { readonly scores: readonly Score[] }[]): string[] {
  return [...new Set(cells.flatMap(listBleuScores).map(({ signature }) => parseTokenizerName(signature)))]
    .filter((name) => name !== publishedTokenizer)
    .sort();
}

/** BLEU depends on how it cuts text into tokens; the paper's values are made with this tokenizer. */
export const publishedTokenizer = "flores200";

/** The tokenizer that a metric signature names. */
export function parseTokenizerName(signature: string | null): string {
  return /(?:^|\|)tok:([^|]+)/.exec(signature ?? "")?.[1] ?? "unknown";
}
