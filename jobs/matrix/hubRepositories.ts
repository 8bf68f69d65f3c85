import { families, familyNames } from "./families.ts";

/** The Hugging Face repositories that data preparation reads, apart from the families' models. */
export const dataRepositories = {
  monolingual: "allenai/MADLAD-400",
  code: "bigcode/the-stack-dedup",
  /** Language identifier of the filter; covers all languages of the study. */
  languageModel: "cis-lmu/glotlid",
  /**
   * The tokenizer that measures the token budget of a mixture. Our assumption: the study's tokenizer is unknown, so we
   * chose one that is openly available.
   */
  tokenizer: "LumiOpen/Viking-7B",
} as const;

/**
 * The benchmarks that the hub provides as files. A stack that names a commit of one downloads it; any other stack reads
 * the copy in the store. The hub has FLORES-200 only as a script, so this is FLORES+, its corrected edition.
 */
export const benchmarkRepositories = { sib200: "Davlan/sib200", flores200: "openlanguagedata/flores_plus" } as const;

const modelRepositories = familyNames.flatMap((name) => families[name].base?.repository ?? []);

/** Every hub repository that some stack must read, without duplicates. */
export const hubRepositories: readonly string[] = [
  ...new Set([...modelRepositories, ...Object.values(dataRepositories)]),
];
