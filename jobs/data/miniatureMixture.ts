import type { Cell, Category, Ingredient } from "../matrix/index.ts";
import { english } from "../matrix/index.ts";
import { formatSlug } from "../kube/objectNames.ts";
import { filterTranslatedLanguages } from "./udhr.ts";
import { heldOutArticles } from "./udhr.ts";

type MiniatureSource =
  | { kind: "udhr"; languages: readonly string[]; heldOutArticles: readonly number[] }
  | { kind: "udhr-pairs"; pairs: readonly (readonly [string, string])[]; heldOutArticles: readonly number[] }
  | { kind: "python-code"; megabytes: number };

/** What a corpus is made of. Equal mixtures are one corpus, whichever cells use it. */
export interface MiniatureMixture {
  /** `bi-code-stag` */
  readonly name: string;
  readonly seed: number;
  readonly sources: readonly MiniatureSource[];
}

const miniatureMixtureSeed = 42;

/** As much code as the Declaration has text in five languages, roughly: the paper's share is a third. */
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

/** The miniature mixture of a cell: the Declaration in the cell's own languages, and Python for code. */
export function buildMiniatureMixture({
  data,
  category,
  parts,
}: Pick<Cell, "data" | "category" | "parts">): MiniatureMixture {
  const sources = parts.ingredients.map((ingredient) => buildIngredientSource(ingredient, parts.category));
  return { name: formatSlug(`${data}-${category}`), seed: miniatureMixtureSeed, sources };
}
