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

/** A part of sacreBLEU's signatures that says nothing about the value: the version of the program. */
const programVersion = "version";
/** A part of the signatures of lm-evaluation-harness, whose `version` is that of the task and changes the value. */
const harnessPart = "lm_eval";

/** Stands for a part that a signature lacks, such as the edition of the paper's FLORES-200. */
const missingPart = "none";

/** The parts of a signature that decide which scores measure the same: `tok` is `flores200`. */
export function parseSignatureParts(signature: string | null): ReadonlyMap<string, string> {
  const parts = (signature ?? "")
    .split("|")
    .filter((part) => part.includes(":"))
    .map((part) => [part.slice(0, part.indexOf(":")), part.slice(part.indexOf(":") + 1)] as const);
  const isHarness = parts.some(([name]) => name === harnessPart);
  return new Map(parts.filter(([name]) => isHarness || name !== programVersion));
}

/** Returns true if no part that both signatures have differs. The paper's signatures lack most parts. */
export function agreeInSharedParts(one: string | null, other: string | null): boolean {
  if (one === other) return true;
  const otherParts = parseSignatureParts(other);
  return [...parseSignatureParts(one)].every(([name, value]) => (otherParts.get(name) ?? value) === value);
}

/** The values of some parts of a signature: `tok:flores200|edition:none`. */
function formatVariant(signature: string | null, names: readonly string[]): string {
  const parts = parseSignatureParts(signature);
  return names.map((name) => `${name}:${parts.get(name) ?? missingPart}`).join("|");
}

/**
 * The variants of a metric that some signatures belong to, named by the parts in which these differ; empty if they are
 * of one variant. Values of different variants are different measures: they are never pooled.
 */
export function listVariants(signatures: readonly (string | null)[]): string[] {
  const names = [...new Set(signatures.flatMap((signature) => [...parseSignatureParts(signature).keys()]))];
  const differing = names.filter((name) => new Set(signatures.map((one) => formatVariant(one, [name]))).size > 1);
  return differing.length === 0 ? [] : [...new Set(signatures.map((one) => formatVariant(one, differing)))].sort();
}

/** Returns true if a signature belongs to a variant of a metric. */
export function matchesVariant(signature: string | null, variant: string): boolean {
  return (
    formatVariant(
      signature,
      variant.split("|").map((part) => part.slice(0, part.indexOf(":"))),
    ) === variant
  );
}
