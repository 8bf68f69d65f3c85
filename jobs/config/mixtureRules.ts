import { isMap } from "../../validation/completeSchemas.ts";
import type { Problem } from "../../validation/problems.ts";
import { formatAllowedWords } from "../../validation/suggestions.ts";
import type { Ingredient } from "../matrix/axisNames.ts";
import { ingredients } from "../matrix/axisNames.ts";
import { english } from "../matrix/knownLanguages.ts";
import type { Cell } from "../matrix/matrixCell.ts";
import type { MixtureWeights, TextSource } from "../matrix/mixtureWeights.ts";
import { listWeightedIngredients } from "../matrix/mixtureWeights.ts";
import type { Category } from "../matrix/studyCategories.ts";

/** Lists the training languages of a category that have no words for an ingredient. */
function listLanguagesWithoutText({ training, words }: Category, ingredient: Ingredient): string[] {
  if (ingredient === "code") return [];
  const languagesWithText =
    ingredient === "monolingual"
      ? Object.keys(words.monolingual)
      : words.bilingual.flatMap(({ languages }) => languages);
  return training.filter((language) => !languagesWithText.includes(language));
}

/** Refuses ingredients of which the category of a cell states no words. */
export function checkMixtureWords({ category, parts }: Cell): Problem[] {
  return parts.ingredients.flatMap((ingredient): Problem[] => {
    const languages = listLanguagesWithoutText(parts.category, ingredient);
    if (languages.length === 0) return [];
    const message = `no words given for ${languages.join(", ")}; state how many words the corpus has of each`;
    const path = `categories.${category}.words.${ingredient}`;
    return [{ rule: "mixture-without-words", path, value: undefined, message }];
  });
}

interface MixtureKeys {
  /** As written, so that another mistake in a mixture does not hide the name of a share. */
  readonly writtenMixtures: Readonly<Record<string, unknown>>;
  readonly sourceNames: readonly string[];
}

/** Refuses shares of what is neither an ingredient nor a source of the stack. */
export function checkShareNames({ writtenMixtures, sourceNames }: MixtureKeys): Problem[] {
  const allowed = [...ingredients, ...sourceNames];
  return Object.entries(writtenMixtures).flatMap(([mixture, definition]) => {
    if (!isMap(definition) || !isMap(definition["shares"])) return [];
    return Object.entries(definition["shares"])
      .filter(([name]) => !allowed.includes(name))
      .map(([name, value]): Problem => {
        const message = `neither an ingredient nor one of mixcpt:sources; ${formatAllowedWords(name, allowed)}`;
        return { rule: "unknown-key", path: `mixtures.${mixture}.shares.${name}`, value, message };
      });
  });
}

/** Lists the languages of a category, English included, that a source has. */
function listSharedLanguages({ languages }: TextSource, { training }: Category): string[] {
  return languages.filter((language) => language === english.code || training.includes(language));
}

/** Lists the training languages of a category of which no share has text. */
function listLanguagesWithoutShare({ shares, sources }: MixtureWeights, category: Category): string[] {
  const present = [
    ...Object.values(sources).flatMap((source) => listSharedLanguages(source, category)),
    // missing words of an ingredient are a problem of the category
    ...(listWeightedIngredients(shares).some((name) => name !== "code") ? category.training : []),
  ];
  return category.training.filter((language) => !present.includes(language));
}

function checkWeightedCell({ data, parts: { category, weights } }: Cell): Problem[] {
  if (weights === undefined) return [];
  const missing = listLanguagesWithoutShare(weights, category);
  const foreign = Object.entries(weights.sources).filter(
    ([, source]) => source.languages.length > 0 && listSharedLanguages(source, category).length === 0,
  );
  const path = `mixtures.${data}.shares`;
  return [
    ...foreign.map(([name, { languages }]): Problem => {
      const message =
        `has no text of the category ${category.name} (${[english.code, ...category.training].join(", ")}), ` +
        `but ${languages.join(", ")}; add a language to mixcpt:sources.${name}.languages, or leave its share out`;
      return { rule: "mixture-without-words", path: `${path}.${name}`, value: weights.shares[name], message };
    }),
    ...(missing.length === 0
      ? []
      : [
          {
            rule: "mixture-without-words",
            path,
            value: weights.shares,
            message:
              `no share has text of ${missing.join(", ")}, which the category ${category.name} trains on; ` +
              "add a share of monolingual, bilingual or a source that has it",
          } as const,
        ]),
  ];
}

/** Refuses mixtures by weight that leave a training language of a cell without text. */
export function checkWeightedCells(cells: readonly Cell[]): Problem[] {
  const problems = cells.flatMap(checkWeightedCell);
  return [...new Map(problems.map((problem) => [problem.path + problem.message, problem])).values()];
}

/** Refuses added sources in the miniature, whose text ships in the image. */
export function checkMiniatureSources(cells: readonly Cell[]): Problem[] {
  const problems = cells.flatMap(({ data, parts: { weights } }) =>
    Object.keys(weights?.sources ?? {}).map((name): Problem => {
      const message = `the miniature reads no files; allowed: ${ingredients.join(", ")}`;
      const value = weights?.shares[name];
      return { rule: "not-allowed", path: `mixtures.${data}.shares.${name}`, value, message };
    }),
  );
  return [...new Map(problems.map((problem) => [problem.path, problem])).values()];
}
