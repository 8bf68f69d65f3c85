import type { CategoryName, DataKind } from "../matrix/index.ts";
import { dataRepositories } from "../matrix/index.ts";
import type { Revisions } from "./hub.ts";
import { commitOf } from "./hub.ts";
import { codeShares } from "./mixtureTokens.ts";
import { bilingualTokens, monolingualTokens } from "./publishedTokens.ts";

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
const madlad: Readonly<Record<string, string>> = {
  eng_Latn: "en", zho_Hans: "zh", ceb_Latn: "ceb", mar_Deva: "mr", zul_Latn: "zu", khm_Khmr: "km", deu_Latn: "de", bel_Cyrl: "be",
  mri_Latn: "mi", kir_Cyrl: "ky", nya_Latn: "ny", tha_Thai: "th", yor_Latn: "yo", sna_Latn: "sn", wol_Latn: "wo",
};

function monolingual(category: CategoryName, { revisions, languageModel }: Materials): StudySource[] {
  const repository = dataRepositories.monolingual;
  const revision = commitOf(repository, revisions);
  return Object.entries(monolingualTokens[category]).map(([language, tokens]) => {
    const code = madlad[language] ?? language.slice(0, 3);
    const files = [`data/${code}/${code}_clean_*.jsonl.gz`];
    return { kind: "hf", name: "madlad-400", repository, revision, files, format: "jsonl", escapedNewlines: true, languages: [language], languageModel, tokens };
  });
}

function bilingual(category: CategoryName, { languageModel, parallelText }: Materials): StudySource[] {
  return bilingualTokens[category].map(({ languages, tokens: [first, second] }) => {
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

/** What a mixture of the study reads, each source up to the tokens that the paper counts. */
export function studySources(data: DataKind, category: CategoryName, materials: Materials): StudySource[] {
  switch (data) {
    case "Mono":
      return monolingual(category, materials);
    case "Bi":
      return bilingual(category, materials);
    case "Mono+Code":
      return [...monolingual(category, materials), ...code(materials)];
    case "Bi+Code":
      return [...bilingual(category, materials), ...code(materials)];
    default:
      return data satisfies never;
  }
}
