import type { Category, Ingredient, CellParts } from "../matrix/index.ts";
import { dataRepositories } from "../matrix/index.ts";
import type { HubRevisions } from "./hubDownloads.ts";
import { requireRevision } from "./hubDownloads.ts";
import { distributeCodeTokens } from "./mixtureTokens.ts";

/** A source of `mixcpt-data mixture` that reads files of the hub or of the store (docs/data.md). */
export interface StudySource {
  readonly kind: "hf" | "files";
  readonly name: string;
  readonly files: readonly string[];
  readonly format: "jsonl" | "moses" | "parquet";
  readonly languages: readonly string[];
  readonly tokens: number;
  readonly repository?: string;
  readonly revision?: string;
  readonly directory?: string;
  readonly columns?: readonly string[];
  readonly languageModel?: string;
  readonly escapedNewlines?: boolean;
}

export interface StudySourceInputs {
  readonly revisions: HubRevisions;
  /** Paths in the store: of the model that identifies languages, and of the parallel text. */
  readonly languageModel: string;
  readonly parallelText: string;
}

/** Two letters where ISO 639-1 has the language, else three: how MADLAD-400 names its folders. */
function formatMadladCode(language: string): string {
  return new Intl.Locale(language.slice(0, 3)).language;
}

function listMonolingualSources(
  { tokens: counts }: Category,
  { revisions, languageModel }: StudySourceInputs,
): StudySource[] {
  const repository = dataRepositories.monolingual;
  const revision = requireRevision(repository, revisions);
  return Object.entries(counts.monolingual).map(([language, tokens]) => {
    const code = formatMadladCode(language);
    const files = [`data/${code}/${code}_clean_*.jsonl.gz`];
    return {
      kind: "hf",
      name: "madlad-400",
      repository,
      revision,
      files,
      format: "jsonl",
      escapedNewlines: true,
      languages: [language],
      languageModel,
      tokens,
    };
  });
}

function listBilingualSources(
  { tokens: counts }: Category,
  { languageModel, parallelText }: StudySourceInputs,
): StudySource[] {
  return counts.bilingual.map(({ languages, tokens: [first, second] }) => {
    const codes = languages.map((language) => language.slice(0, 3));
    const files = codes.map((code) => `${codes.join("-")}.${code}`);
    return {
      kind: "files",
      name: "nllb",
      directory: parallelText,
      files,
      format: "moses",
      languages,
      languageModel,
      tokens: first + second,
    };
  });
}

function listCodeSources({ revisions }: StudySourceInputs): StudySource[] {
  const repository = dataRepositories.code;
  const revision = requireRevision(repository, revisions);
  return Object.entries(distributeCodeTokens()).map(([language, tokens]) => ({
    kind: "hf",
    name: "the-stack",
    repository,
    revision,
    files: [`data/${language}/*.parquet`],
    format: "parquet",
    columns: ["content"],
    languages: [],
    tokens,
  }));
}

function listIngredientSources(
  ingredient: Ingredient,
  category: Category,
  materials: StudySourceInputs,
): StudySource[] {
  switch (ingredient) {
    case "monolingual":
      return listMonolingualSources(category, materials);
    case "bilingual":
      return listBilingualSources(category, materials);
    case "code":
      return listCodeSources(materials);
    default:
      return ingredient satisfies never;
  }
}

/** What a mixture of the study reads, each source up to the tokens that its category counts. */
export function listStudySources(
  { ingredients, category }: Pick<CellParts, "ingredients" | "category">,
  materials: StudySourceInputs,
): StudySource[] {
  return ingredients.flatMap((ingredient) => listIngredientSources(ingredient, category, materials));
}
