/** Families whose tokenizer is measured; their npm packages are llama-tokenizer-js and llama3-tokenizer-js. */
export const measuredFamilies = ["llama-2", "llama-3.1"] as const;

/** Size of the Universal Declaration of Human Rights in one language. */
export interface DeclarationCounts {
  /** Separated by spaces, or segmented by ICU in scripts without them. */
  readonly words: number;
  readonly characters: number;
  /** By family; no token begins or ends a text. */
  readonly tokens: Readonly<Record<(typeof measuredFamilies)[number], number>>;
}
