import type { Category, Cell, Ingredient } from "../matrix/index.ts";
import { english, formatMixtureSlug, selectLanguageNames } from "../matrix/index.ts";
import { filterTranslatedLanguages, heldOutArticles } from "./udhr.ts";

interface MiniatureBudget {
  readonly bytes?: number;
  readonly repeat?: number;
}

interface DeclarationText extends MiniatureBudget {
  readonly heldOutArticles: readonly number[];
}

type MiniatureSource =
  | (DeclarationText & { kind: "udhr"; languages: readonly string[] })
  | (DeclarationText & { kind: "udhr-pairs"; pairs: readonly (readonly [string, string])[] })
  | { kind: "python-code"; megabytes: number };

/** The spec of a miniature corpus. Equal mixtures make one corpus that several cells share. */
export interface MiniatureMixture {
  /** Slug, like `bi-code-stag`. */
  readonly name: string;
  readonly seed: number;
  /** English names of the languages of pairs. */
  readonly languageNames?: Readonly<Record<string, string>>;
  readonly sources: readonly MiniatureSource[];
}

/** Seed of everything that the miniature draws: mixtures, benchmarks and the weights of its model. */
export const miniatureSeed = 42;

/** About as much code as the Declaration has text in five languages; the paper's share of code is a third. */
const pythonCodeSource: MiniatureSource = { kind: "python-code", megabytes: 0.05 };

function buildMonolingualSource({ training }: Category): MiniatureSource {
  return { kind: "udhr", languages: filterTranslatedLanguages([english.code, ...training]), heldOutArticles };
}

function buildBilingualSource({ training }: Category): MiniatureSource {
  const pairs = filterTranslatedLanguages(training).map((language) => [english.code, language] as const);
  return { kind: "udhr-pairs", pairs, heldOutArticles };
}

function buildIngredientSource(ingredient: Ingredient, category: Category): MiniatureSource {
  switch (ingredient) {
    case "monolingual":
      return buildMonolingualSource(category);
    case "bilingual":
      return buildBilingualSource(category);
    case "code":
      return pythonCodeSource;
    default:
      return ingredient satisfies never;
  }
}

/** Bytes of a miniature mixture by weight, whatever budget it has. The Declaration has about 10 kB in a language. */
const miniatureBytes = 200_000;

/** Bytes that a text has at least, so that a paragraph fits; and how often the Declaration may be read. */
const leastBytes = 2000;
const declarationRepeats = 20;

/** Splits a source of the Declaration into one for each language or pair, with equal parts of a budget. */
function divideMiniatureSource(source: MiniatureSource, bytes: number): MiniatureSource[] {
  const buildBudget = (count: number): MiniatureBudget => ({
    bytes: Math.max(leastBytes, Math.floor(bytes / count)),
    repeat: declarationRepeats,
  });
  switch (source.kind) {
    case "udhr":
      return source.languages.map((language) => ({
        ...source,
        languages: [language],
        ...buildBudget(source.languages.length),
      }));
    case "udhr-pairs":
      return source.pairs.map((pair) => ({ ...source, pairs: [pair], ...buildBudget(source.pairs.length) }));
    case "python-code":
      return [{ ...source, megabytes: bytes / 1e6 }];
    default:
      return source satisfies never;
  }
}

function buildMiniatureSources({ ingredients, weights, category }: Cell["parts"]): MiniatureSource[] {
  return ingredients.flatMap((ingredient) => {
    const source = buildIngredientSource(ingredient, category);
    const share = weights?.shares[ingredient];
    return share === undefined ? [source] : divideMiniatureSource(source, Math.round(share * miniatureBytes));
  });
}

/** Builds the miniature mixture of a cell: the Declaration in the cell's languages, and Python for code. */
export function buildMiniatureMixture(cell: Pick<Cell, "data" | "category" | "parts">): MiniatureMixture {
  const sources = buildMiniatureSources(cell.parts);
  const pairs = sources.flatMap((source) => (source.kind === "udhr-pairs" ? source.pairs.flat() : []));
  const names = pairs.length === 0 ? {} : { languageNames: selectLanguageNames(pairs) };
  return { name: formatMixtureSlug(cell), seed: miniatureSeed, ...names, sources };
}
