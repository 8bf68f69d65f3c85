import type { MatrixAdditions } from "./additionsSchema.ts";
import type { Category } from "../matrix/studyCategories.ts";
import type { Family } from "../matrix/families.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { studyMatrix } from "../matrix/matrix.ts";

function buildAddedFamily(
  name: string,
  { title, prefix, shape, repository, gated }: MatrixAdditions["families"][string],
): Family {
  // the study published no recipe for it: only the uniform recipe of its README applies
  return { name, title, prefix, protocols: ["uniform"], shape, base: { repository, gated } };
}

function buildAddedCategory(
  name: string,
  { title, training, related, words }: MatrixAdditions["categories"][string],
): Category {
  const bilingual = Object.entries(words.bilingual).map(([pair, sides]) => {
    const [first = "", second = ""] = pair.split("-");
    return { languages: [first, second] as const, words: sides };
  });
  return { name, title, training, related, words: { monolingual: words.monolingual, bilingual } };
}

function mapEntries<From, To>(
  entries: Readonly<Record<string, From>>,
  build: (name: string, entry: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, build(name, entry)]));
}

/** Returns the study's matrix extended by the additions of a stack. */
export function extendMatrix({ families, categories, mixtures }: MatrixAdditions): Matrix {
  return {
    families: { ...studyMatrix.families, ...mapEntries(families, buildAddedFamily) },
    categories: { ...studyMatrix.categories, ...mapEntries(categories, buildAddedCategory) },
    mixtures: { ...studyMatrix.mixtures, ...mixtures },
  };
}

/** Lists the commits of the models that a stack adds, by repository. */
export function listAddedRevisions({ families }: Pick<MatrixAdditions, "families">): Record<string, string> {
  return Object.fromEntries(Object.values(families).map(({ repository, revision }) => [repository, revision]));
}
