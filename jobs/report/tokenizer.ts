/** BLEU depends on how it cuts text into tokens; the paper's values are made with this tokenizer. */
export const publishedTokenizer = "flores200";

/** The tokenizer that a metric signature names. */
export const parseTokenizerName = (signature: string | null): string => /(?:^|\|)tok:([^|]+)/.exec(signature ?? "")?.[1] ?? "unknown";
