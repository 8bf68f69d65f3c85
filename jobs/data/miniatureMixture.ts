import type { Category, Cell, Ingredient } from "../matrix/index.ts";
import { english, formatMixtureSlug, selectLanguageNames } from "../matrix/index.ts";
import { filterTranslatedLanguages, heldOutArticles } from "./udhr.ts";

type MiniatureSource =
  | { kind: "udhr"; languages: readonly string[]; heldOutArticles: readonly number[] }
  | { kind: "udhr-pairs"; pairs: readonly (readonly [string, string])[]; heldOutArticles: readonly number[] }
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

/** Builds the miniature mixture of a cell: the Declaration in the cell's languages, and Python for code. */
export function buildMiniatureMixture(cell: Pick<Cell, "data" | "category" | "parts">): MiniatureMixture {
  const { ingredients, category } = cell.parts;
  const sources = ingredients.map((ingredient) => buildIngredientSource(ingredient, category));
  const pairs = sources.flatMap((source) => (source.kind === "udhr-pairs" ? source.pairs.flat() : []));
  const names = pairs.length === 0 ? {} : { languageNames: selectLanguageNames(pairs) };
  return { name: formatMixtureSlug(cell), seed: miniatureSeed, ...names, sources };
}
