import type { Category, Ingredient, Parts } from "../matrix/index.ts";
import { dataRepositories } from "../matrix/index.ts";
import type { Revisions } from "./hub.ts";
import { commitOf } from "./hub.ts";
import { codeShares } from "./mixtureTokens.ts";

/** A source of `mixcpt-data mixture` that reads files of the hub or of the store (docs/data.md). */
export interface StudySource {
  kind: "hf" | "files";
  name: string;
  files: readonly string[];
  format: "jsonl" | "moses" | "parquet";
  languages: readonly string[];
  tokens: number;
  repository?: string;
  revision?: string;
  directory?: string;
  columns?: readonly string[];
  languageModel?: string;
  escapedNewlines?: boolean;
}

export interface Materials {
  revisions: Revisions;
  /** Paths in the store: of the model that identifies languages, and of the parallel text. */
  languageModel: string;
  parallelText: string;
}

/** Two letters where ISO 639-1 has the language, else three: how MADLAD-400 names its folders. */
const madlad = (language: string): string => new Intl.Locale(language.slice(0, 3)).language;

function monolingual({ tokens: counts }: Category, { revisions, languageModel }: Materials): StudySource[] {
  const repository = dataRepositories.monolingual;
  const revision = commitOf(repository, revisions);
  return Object.entries(counts.monolingual).map(([language, tokens]) => {
    const code = madlad(language);
    const files = [`data/${code}/${code}_clean_*.jsonl.gz`];
    return { kind: "hf", name: "madlad-400", repository, revision, files, format: "jsonl", escapedNewlines: true, languages: [language], languageModel, tokens };
  });
}

function bilingual({ tokens: counts }: Category, { languageModel, parallelText }: Materials): StudySource[] {
  return counts.bilingual.map(({ languages, tokens: [first, second] }) => {
    const codes = languages.map((language) => language.slice(0, 3));
    const files = codes.map((code) => `${codes.join("-")}.${code}`);
    return { kind: "files", name: "nllb", directory: parallelText, files, format: "moses", languages, languageModel, tokens: first + second };
  });
}

function code({ revisions }: Materials): StudySource[] {
  const repository = dataRepositories.code;
  const revision = commitOf(repository, revisions);
  return Object.entries(codeShares()).map(([language, tokens]) => ({
    kind: "hf", name: "the-stack", repository, revision, files: [`data/${language}/*.parquet`], format: "parquet", columns: ["content"], languages: [], tokens,
  }));
}

function sourcesOf(ingredient: Ingredient, category: Category, materials: Materials): StudySource[] {
  switch (ingredient) {
    case "monolingual":
      return monolingual(category, materials);
    case "bilingual":
      return bilingual(category, materials);
    case "code":
      return code(materials);
    default:
      return ingredient satisfies never;
  }
}

/** What a mixture of the study reads, each source up to the tokens that its category counts. */
export function studySources({ ingredients, category }: Pick<Parts, "ingredients" | "category">, materials: Materials): StudySource[] {
  return ingredients.flatMap((ingredient) => sourcesOf(ingredient, category, materials));
}
