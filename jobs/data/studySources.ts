import type { Category, CellParts, Ingredient } from "../matrix/index.ts";
import { dataRepositories, separatesWords } from "../matrix/index.ts";
import type { HubRevisions } from "./hubDownloads.ts";
import { requireRevision } from "./hubDownloads.ts";
import { distributeCodeTokens } from "./mixtureWords.ts";
import { estimateCharactersPerWord } from "./tokensPerWord.ts";

/** A source of `mixcpt-data mixture` that reads files from the hub or the store (docs/data.md). */
interface StudySource {
  readonly kind: "hf" | "files";
  readonly name: string;
  readonly files: readonly string[];
  readonly format: "jsonl" | "moses" | "parquet";
  readonly languages: readonly string[];
  /** The budget, in one of three units: words of the sides whose script separates them. */
  readonly words?: number;
  readonly characters?: number;
  readonly tokens?: number;
  readonly repository?: string;
  readonly revision?: string;
  readonly directory?: string;
  readonly columns?: readonly string[];
  readonly languageModel?: string;
  readonly escapedNewlines?: boolean;
}

/** The names of the sources in STATS.json, by ingredient. */
export const sourceNames: Readonly<Record<Ingredient, string>> = {
  monolingual: "madlad-400",
  bilingual: "nllb",
  code: "the-stack",
};

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

/** Limits a text to its words, or to as many characters if no side of it is in a script that separates words. */
function buildTextBudget(wordsByLanguage: readonly (readonly [string, number])[]): Pick<StudySource, TextUnit> {
  const separated = wordsByLanguage.filter(([language]) => separatesWords(language));
  if (separated.length > 0) return { words: separated.reduce((sum, [, words]) => sum + words, 0) };
  const characters = wordsByLanguage.map(([language, words]) => words * estimateCharactersPerWord(language));
  return { characters: Math.round(characters.reduce((sum, count) => sum + count, 0)) };
}

type TextUnit = "words" | "characters";

function listMonolingualSources(
  { words: counts }: Category,
  { revisions, languageModel }: StudySourceInputs,
): StudySource[] {
  const repository = dataRepositories.monolingual;
  const revision = requireRevision(repository, revisions);
  return Object.entries(counts.monolingual).map(([language, words]) => {
    const code = formatMadladCode(language);
    const files = [`data/${code}/${code}_clean_*.jsonl.gz`];
    return {
      kind: "hf",
      name: sourceNames.monolingual,
      repository,
      revision,
      files,
      format: "jsonl",
      escapedNewlines: true,
      languages: [language],
      languageModel,
      ...buildTextBudget([[language, words]]),
    };
  });
}

function listBilingualSources(
  { words: counts }: Category,
  { languageModel, parallelText }: StudySourceInputs,
): StudySource[] {
  return counts.bilingual.map(({ languages, words }) => {
    const codes = languages.map((language) => language.slice(0, 3));
    const files = codes.map((code) => `${codes.join("-")}.${code}`);
    return {
      kind: "files",
      name: sourceNames.bilingual,
      directory: parallelText,
      files,
      format: "moses",
      languages,
      languageModel,
      ...buildTextBudget(languages.map((language, side) => [language, words[side] ?? 0])),
    };
  });
}

function listCodeSources({ revisions }: StudySourceInputs): StudySource[] {
  const repository = dataRepositories.code;
  const revision = requireRevision(repository, revisions);
  return Object.entries(distributeCodeTokens()).map(([language, tokens]) => ({
    kind: "hf",
    name: sourceNames.code,
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

/** Lists the sources of a study mixture, each limited to what the category has of it. */
export function listStudySources(
  { ingredients, category }: Pick<CellParts, "ingredients" | "category">,
  inputs: StudySourceInputs,
): StudySource[] {
  return ingredients.flatMap((ingredient) => listIngredientSources(ingredient, category, inputs));
}
