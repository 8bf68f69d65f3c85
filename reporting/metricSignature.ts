import type { Score } from "./scoresConfigMap.ts";

interface WithScores {
  readonly scores: readonly Score[];
}

/** The edition of a benchmark that a metric signature names: `flores_plus@5fec6c1`; empty for the paper's edition. */
export function parseEditionName(signature: string | null): string {
  return /(?:^|\|)edition:([^|]+)/.exec(signature ?? "")?.[1] ?? "";
}

/** Editions other than the paper's: scores on them cannot be compared with published ones. */
export function listOtherEditions(cells: readonly WithScores[]): string[] {
  return [...new Set(cells.flatMap(({ scores }) => scores.map(({ signature }) => parseEditionName(signature))))]
    .filter(Boolean)
    .sort();
}

/**
 * The part of a signature without which scores of lm-evaluation-harness cannot be compared: versions of the harness and
 * of the task, shots, seed, backend and data. Empty for other scores.
 */
export function parseHarnessSignature(signature: string | null): string {
  return signature?.startsWith("lm_eval:") === true ? signature : "";
}

/** BLEU depends on how it splits text into tokens; the paper's values are computed with this tokenizer. */
export const publishedTokenizer = "flores200";

/** The tokenizer that a metric signature names. */
export function parseTokenizerName(signature: string | null): string {
  return /(?:^|\|)tok:([^|]+)/.exec(signature ?? "")?.[1] ?? "unknown";
}

function listBleuScores({ scores }: WithScores): Score[] {
  return scores.filter(({ metric }) => metric === "bleu");
}

/** Tokenizers of BLEU values other than the paper's: such values cannot be compared with published ones. */
export function listOtherTokenizers(cells: readonly WithScores[]): string[] {
  return [...new Set(cells.flatMap(listBleuScores).map(({ signature }) => parseTokenizerName(signature)))]
    .filter((name) => name !== publishedTokenizer)
    .sort();
}
