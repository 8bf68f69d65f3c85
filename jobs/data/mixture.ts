import type { Category, Cell, DataKind } from "../matrix/index.ts";
import { categories, english } from "../matrix/index.ts";
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

function sourcesOf(data: DataKind, category: Category): Source[] {
  switch (data) {
    case "Mono":
      return [monolingual(category)];
    case "Bi":
      return [bilingual(category)];
    case "Mono+Code":
      return [monolingual(category), code];
    case "Bi+Code":
      return [bilingual(category), code];
    default:
      return data satisfies never;
  }
}

/** The miniature mixture of a cell: the Declaration in the cell's own languages, and Python for code. */
export function miniatureMixture({ data, category }: Pick<Cell, "data" | "category">): Mixture {
  return { name: slugOf(`${data}-${category}`), seed, sources: sourcesOf(data, categories[category]) };
}
