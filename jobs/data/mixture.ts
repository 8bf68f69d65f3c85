import type { AnyCell, Category, Ingredient } from "../matrix/index.ts";
import { english } from "../matrix/index.ts";
import { slugOf } from "../kube/names.ts";
import { translated } from "./declaration.ts";
import { heldOutArticles } from "./heldOut.ts";

type Source =
  | { kind: "udhr"; languages: readonly string[]; heldOutArticles: readonly number[] }
  | { kind: "udhr-pairs"; pairs: readonly (readonly [string, string])[]; heldOutArticles: readonly number[] }
  | { kind: "python-code"; megabytes: number };

/** What a corpus is made of. Equal mixtures are one corpus, whichever cells use it. */
export interface Mixture {
  /** `bi-code-stag` */
  name: string;
  seed: number;
  sources: readonly Source[];
}

const seed = 42;

/** As much code as the Declaration has text in five languages, roughly: the paper's share is a third. */
const code: Source = { kind: "python-code", megabytes: 0.05 };

function monolingual({ training }: Category): Source {
  return { kind: "udhr", languages: translated([english.code, ...training]), heldOutArticles };
}

function bilingual({ training }: Category): Source {
  const pairs = translated(training).map((language) => [english.code, language] as const);
  return { kind: "udhr-pairs", pairs, heldOutArticles };
}

function sourceOf(ingredient: Ingredient, category: Category): Source {
  switch (ingredient) {
    case "monolingual":
      return monolingual(category);
    case "bilingual":
      return bilingual(category);
    case "code":
      return code;
    default:
      return ingredient satisfies never;
  }
}

/** The miniature mixture of a cell: the Declaration in the cell's own languages, and Python for code. */
export function miniatureMixture({ data, category, parts }: Pick<AnyCell, "data" | "category" | "parts">): Mixture {
  const sources = parts.ingredients.map((ingredient) => sourceOf(ingredient, parts.category));
  return { name: slugOf(`${data}-${category}`), seed, sources };
}
