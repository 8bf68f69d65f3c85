import type { MatrixAdditions } from "./additionsSchema.ts";
import type { Category } from "../matrix/studyCategories.ts";
import type { Family } from "../matrix/families.ts";
import type { Matrix } from "../matrix/matrix.ts";
import type { MixtureWeights } from "../matrix/mixtureWeights.ts";
import { budgetUnits, listWeightedIngredients } from "../matrix/mixtureWeights.ts";
import type { WeightedMixture } from "./mixturesSchema.ts";
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

function isWeighted(mixture: MatrixAdditions["mixtures"][string]): mixture is WeightedMixture {
  return !Array.isArray(mixture);
}

function buildWeights(mixture: WeightedMixture, added: MatrixAdditions["sources"]): MixtureWeights {
  const { shares, temperature, repeat } = mixture;
  const unit = budgetUnits.find((one) => mixture[one] !== undefined) ?? "tokens";
  const sources = Object.fromEntries(Object.entries(added).filter(([name]) => name in shares));
  return { shares, unit, amount: mixture[unit] ?? 0, temperature, repeat, sources };
}

/** Returns the study's matrix extended by the additions of a stack. */
export function extendMatrix({
  families = {},
  categories = {},
  sources = {},
  mixtures = {},
}: Partial<MatrixAdditions>): Matrix {
  const weighted = Object.entries(mixtures).flatMap(([name, mixture]) =>
    isWeighted(mixture) ? [[name, buildWeights(mixture, sources)] as const] : [],
  );
  return {
    families: { ...studyMatrix.families, ...mapEntries(families, buildAddedFamily) },
    categories: { ...studyMatrix.categories, ...mapEntries(categories, buildAddedCategory) },
    mixtures: {
      ...studyMatrix.mixtures,
      ...mapEntries(mixtures, (_, mixture) =>
        isWeighted(mixture) ? listWeightedIngredients(mixture.shares) : mixture,
      ),
    },
    weights: Object.fromEntries(weighted),
  };
}

/** Lists the commits of the models that a stack adds, by repository. */
export function listAddedRevisions({ families }: Pick<MatrixAdditions, "families">): Record<string, string> {
  return Object.fromEntries(Object.values(families).map(({ repository, revision }) => [repository, revision]));
}
