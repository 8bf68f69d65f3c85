/**
 * Bytes of `train.jsonl` per token. Our assumption, on the high side: tokens are counted with Viking's vocabulary of
 * 128,000 words, with which a token is 3.94 characters of English (Llama 3, arXiv 2407.21783), and languages that a
 * vocabulary was not made for have fewer bytes a token. The rest is for JSON's keys and escapes and the names of a
 * pair's languages.
 */
export const corpusBytesPerToken = 5;

/** Copies of a row on disk at the peak: sorted runs are kept until all rows are in their final order (docs/data.md). */
export const copiesDuringPreparation = 2;

/** Bytes of GlotLID's model.bin, which filters all mixtures. Tokenizers are a thousandth of that. */
export const languageFilterBytes = 1.7e9;

/** Bytes of a corpus in the store: after its preparation, and at the peak while it is prepared. */
export interface CorpusBytes {
  readonly kept: number;
  readonly peak: number;
}

/** Estimates the room that a corpus needs in the store. */
export function estimateCorpusBytes(tokens: number): CorpusBytes {
  const kept = corpusBytesPerToken * tokens;
  return { kept, peak: copiesDuringPreparation * kept };
}
