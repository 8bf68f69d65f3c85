import type { CellParts, Ingredient, TextSource } from "../matrix/index.ts";
import { dataRepositories, formatTwoLetterCode, separatesWords } from "../matrix/index.ts";
import type { HubRevisions } from "./hubDownloads.ts";
import { requireRevision } from "./hubDownloads.ts";
import type { MixturePart } from "./mixtureParts.ts";
import { listMixtureParts } from "./mixtureParts.ts";
import { estimateCharactersPerWord } from "./tokensPerWord.ts";

/** A source of `mixcpt-data mixture` that reads files from the hub or the store (docs/data.md). */
interface SourceSpec extends SourceBudget {
  readonly kind: "hf" | "files";
  readonly name: string;
  readonly files: readonly string[];
  readonly format: "jsonl" | "moses" | "parquet" | "tsv";
  readonly languages: readonly string[];
  readonly repository?: string | undefined;
  readonly revision?: string | undefined;
  readonly directory?: string;
  readonly columns?: readonly string[];
  readonly languageModel?: string;
  readonly escapedNewlines?: boolean;
}

/** The budget of a source, in one of four units: words are those of the sides whose script separates them. */
interface SourceBudget {
  readonly words?: number;
  readonly characters?: number;
  readonly bytes?: number;
  readonly tokens?: number;
  readonly repeat?: number;
}

/** The names of the sources in STATS.json, by ingredient. */
export const sourceNames: Readonly<Record<Ingredient, string>> = {
  monolingual: "madlad-400",
  bilingual: "nllb",
  code: "the-stack",
};

interface SourceInputs {
  readonly revisions: HubRevisions;
  /** Path in the store of the model that identifies languages. */
  readonly languageModel: string;
  /** Path in the store of the parallel text. */
  readonly parallelText: string;
  /** Path of the store. */
  readonly store: string;
}

/** Limits a text to its words, or to as many characters if no side of it is in a script that separates words. */
function buildTextBudget(wordsByLanguage: readonly (readonly [string, number])[]): SourceBudget {
  const separated = wordsByLanguage.filter(([language]) => separatesWords(language));
  if (separated.length > 0) return { words: separated.reduce((sum, [, words]) => sum + words, 0) };
  const characters = wordsByLanguage.map(([language, words]) => words * estimateCharactersPerWord(language));
  return { characters: Math.round(characters.reduce((sum, count) => sum + count, 0)) };
}

function buildBudget({ languages, amount, repeat }: MixturePart): SourceBudget {
  const repetitions = repeat === 1 ? {} : { repeat };
  if (amount.unit !== "words") return { [amount.unit]: amount.count, ...repetitions };
  const { sides } = amount;
  if (languages.length === 0) return { words: sides[0] ?? 0, ...repetitions };
  return { ...buildTextBudget(languages.map((language, side) => [language, sides[side] ?? 0])), ...repetitions };
}

function buildMonolingualSource(part: MixturePart, { revisions, languageModel }: SourceInputs): SourceSpec {
  const repository = dataRepositories.monolingual;
  const code = formatTwoLetterCode(part.languages[0] ?? "");
  return {
    kind: "hf",
    name: sourceNames.monolingual,
    repository,
    revision: requireRevision(repository, revisions),
    files: [`data/${code}/${code}_clean_*.jsonl.gz`],
    format: "jsonl",
    escapedNewlines: true,
    languages: part.languages,
    languageModel,
    ...buildBudget(part),
  };
}

function buildBilingualSource(part: MixturePart, { languageModel, parallelText }: SourceInputs): SourceSpec {
  const codes = part.languages.map((language) => language.slice(0, 3));
  return {
    kind: "files",
    name: sourceNames.bilingual,
    directory: parallelText,
    files: codes.map((code) => `${codes.join("-")}.${code}`),
    format: "moses",
    languages: part.languages,
    languageModel,
    ...buildBudget(part),
  };
}

function buildCodeSource(part: MixturePart, { revisions }: SourceInputs): SourceSpec {
  const repository = dataRepositories.code;
  return {
    kind: "hf",
    name: sourceNames.code,
    repository,
    revision: requireRevision(repository, revisions),
    files: [`data/${part.programmingLanguage ?? ""}/*.parquet`],
    format: "parquet",
    columns: ["content"],
    languages: [],
    ...buildBudget(part),
  };
}

/** Puts a language into a pattern of files: `{code}` as in MADLAD-400 and Wikipedia, `{language}` as in FLORES-200. */
function fillPattern(pattern: string, language: string | undefined): string {
  if (language === undefined) return pattern;
  return pattern.replaceAll("{code}", formatTwoLetterCode(language)).replaceAll("{language}", language);
}

function buildAddedSource(part: MixturePart, source: TextSource, { languageModel, store }: SourceInputs): SourceSpec {
  const { repository, revision, directory, files, format, column } = source;
  const [language] = part.languages;
  return {
    ...(directory === undefined
      ? { kind: "hf", name: part.source, repository, revision }
      : { kind: "files", name: part.source, directory: `${store}/${directory}` }),
    files: files.map((pattern) => fillPattern(pattern, language)),
    format,
    ...(column !== undefined && { columns: [column] }),
    languages: part.languages,
    ...(language !== undefined && { languageModel }),
    ...buildBudget(part),
  };
}

const ingredientSourceBuilders: Readonly<Record<string, (part: MixturePart, inputs: SourceInputs) => SourceSpec>> = {
  monolingual: buildMonolingualSource,
  bilingual: buildBilingualSource,
  code: buildCodeSource,
} satisfies Record<Ingredient, unknown>;

/** Lists the sources of a mixture, each limited to its part. */
export function listStudySources(
  parts: Pick<CellParts, "ingredients" | "weights" | "category">,
  inputs: SourceInputs,
): SourceSpec[] {
  return listMixtureParts(parts).flatMap((part) => {
    const added = parts.weights?.sources[part.source];
    if (added !== undefined) return [buildAddedSource(part, added, inputs)];
    return ingredientSourceBuilders[part.source]?.(part, inputs) ?? [];
  });
}
