import type { CellParts, Ingredient } from "../matrix/index.ts";
import { listMixtureParts } from "./mixtureParts.ts";
import { codeTokensPerEpoch, countIngredientWords } from "./mixtureWords.ts";
import type { EstimateBand } from "./tokensPerWord.ts";
import { estimateTokensPerWord } from "./tokensPerWord.ts";
import { estimatePartTokens, scaleBand, sumBands } from "./weightedTokens.ts";

/** The tokens of a mixture in one epoch. */
export interface MixtureTokens {
  readonly total: number;
  /** Ends of the range of `total`; equal to it if the tokens were counted. */
  readonly low: number;
  readonly high: number;
  /**
   * `words`: estimated from the words of the text. `STATS.json`: counted with the model's tokenizer. `steps`: those
   * that a run with a fixed number of steps reads.
   */
  readonly from: "words" | "STATS.json" | "steps";
  /** Sequences to train on, if they were counted: packing leaves out the rest of the text's end. */
  readonly sequences?: number | undefined;
  /** A source is `monolingual`, `bilingual`, `code` or one that the stack adds. */
  readonly bySource: Readonly<Record<string, number>>;
  /** Text tokens by FLORES-200 code. Each side of a pair counts toward its language. */
  readonly byLanguage: Readonly<Record<string, number>>;
}

/** Half and one and a third of the usual amount: the 500 to 1000 steps by which code lengthens two epochs. */
const codeTokens: EstimateBand = { low: 33e6, likely: codeTokensPerEpoch, high: 66e6 };

interface SourceTokens {
  readonly source: string;
  readonly languages: readonly (readonly [string, EstimateBand])[];
  readonly total: EstimateBand;
}

function estimateSourceTokens(source: Ingredient, { family, category }: TokenizedParts): SourceTokens {
  const languages = Object.entries(countIngredientWords(source, category)).map(
    ([language, words]) => [language, scaleBand(estimateTokensPerWord(family.name, language), words)] as const,
  );
  const total = source === "code" ? codeTokens : sumBands(languages.map(([, band]) => band));
  return { source, languages, total };
}

function sumByLanguage(sources: readonly SourceTokens[]): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const [language, { likely }] of sources.flatMap(({ languages }) => languages))
    totals[language] = (totals[language] ?? 0) + likely;
  return mapRounded(totals);
}

function mapRounded(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Math.round(count)]));
}

/** The parts of a cell that decide its tokens, and the family whose tokenizer makes them. */
type TokenizedParts = Pick<CellParts, "ingredients" | "weights" | "category"> & {
  readonly family: Pick<CellParts["family"], "name">;
};

function estimateWeightedSources(parts: TokenizedParts): SourceTokens[] {
  const bySource = Map.groupBy(listMixtureParts(parts), ({ source }) => source);
  return [...bySource].map(([source, texts]) => {
    const tokens = texts.map((text) => estimatePartTokens(text, parts.family.name));
    return {
      source,
      languages: tokens.flatMap(({ languages }) => languages),
      total: sumBands(tokens.map((t) => t.total)),
    };
  });
}

/**
 * Estimates the tokens of a mixture in one epoch: its words times the tokens per word of the family's tokenizer. The
 * words of a mixture by weight follow from its budget.
 */
export function estimateMixtureTokens(parts: TokenizedParts): MixtureTokens {
  const sources =
    parts.weights === undefined
      ? parts.ingredients.map((ingredient) => estimateSourceTokens(ingredient, parts))
      : estimateWeightedSources(parts);
  const { low, likely, high } = sumBands(sources.map(({ total }) => total));
  return {
    total: Math.round(likely),
    low: Math.round(low),
    high: Math.round(high),
    from: "words",
    bySource: mapRounded(Object.fromEntries(sources.map(({ source, total }) => [source, total.likely]))),
    byLanguage: sumByLanguage(sources),
  };
}
