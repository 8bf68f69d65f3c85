import type { Category, CellParts, Ingredient } from "../matrix/index.ts";
import { dataRepositories } from "../matrix/index.ts";
import type { HubRevisions } from "./hubDownloads.ts";
import { requireRevision } from "./hubDownloads.ts";
import { distributeCodeTokens } from "./mixtureTokens.ts";

/** A source of `mixcpt-data mixture` that reads files from the hub or the store (docs/data.md). */
interface StudySource {
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

interface StudySourceInputs {
  readonly revisions: HubRevisions;
  /** Path in the store of the model that identifies languages. */
  readonly languageModel: string;
  /** Path in the store of the parallel text. */
  readonly parallelText: string;
}

/** Formats the code in MADLAD-400's folder names: two letters if ISO 639-1 has the language, otherwise three. */
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

function listIngredientSources(ingredient: Ingredient, category: Category, inputs: StudySourceInputs): StudySource[] {
  switch (ingredient) {
    case "monolingual":
      return listMonolingualSources(category, inputs);
    case "bilingual":
      return listBilingualSources(category, inputs);
    case "code":
      return listCodeSources(inputs);
    default:
      return ingredient satisfies never;
  }
}

/** Lists the sources of a study mixture, each limited to the tokens that the category has of it. */
export function listStudySources(
  { ingredients, category }: Pick<CellParts, "ingredients" | "category">,
  inputs: StudySourceInputs,
): StudySource[] {
  return ingredients.flatMap((ingredient) => listIngredientSources(ingredient, category, inputs));
}
