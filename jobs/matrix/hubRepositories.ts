import { families, familyNames } from "./families.ts";

/** What the data steps read from the Hugging Face hub, beside the families' models. */
export const dataRepositories = {
  monolingual: "allenai/MADLAD-400",
  code: "bigcode/the-stack-dedup",
  /** Knows all languages of the study; the filter asks it. */
  languageModel: "cis-lmu/glotlid",
  /** Its tokenizer counts what a mixture may hold. The study's is unknown; this one is ours: it is open to everybody. */
  counting: "LumiOpen/Viking-7B",
} as const;

/**
 * Benchmarks that the hub has as files. A stack that names a commit of one reads it there, any other in the store.
 * FLORES-200 itself is there as a script alone; FLORES+ corrects it.
 */
export const benchmarkRepositories = { sib200: "Davlan/sib200", flores200: "openlanguagedata/flores_plus" } as const;

const modelRepositories = familyNames.flatMap((name) => families[name].base?.repository ?? []);

/** Every repository of the hub that some stack must read, each once. */
export const hubRepositories: readonly string[] = [
  ...new Set([...modelRepositories, ...Object.values(dataRepositories)]),
];
