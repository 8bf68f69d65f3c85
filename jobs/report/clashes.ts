import type { Category, Family, Matrix } from "../matrix/index.ts";
import type { StackInput } from "./report.ts";

interface NameMeaning {
  readonly stack: string;
  readonly what: string;
  readonly text: string;
}

const formatFamilyMeaning = ({ title, prefix, base }: Family): string => [title, prefix, base?.repository].join(" ");

const formatCategoryMeaning = ({ title, training, related }: Category): string => [title, training.toSorted(), related.toSorted()].join(" ");

const listNameMeanings = ({ stack, matrix: { families, mixtures, categories } }: Pick<StackInput, "stack" | "matrix">): NameMeaning[] => [
  ...Object.entries(families).map(([name, family]) => ({ stack, what: `family ${name}`, text: formatFamilyMeaning(family) })),
  ...Object.entries(mixtures).map(([name, ingredients]: [string, Matrix["mixtures"][string]]) => ({ stack, what: `mixture ${name}`, text: ingredients.toSorted().join(" ") })),
  ...Object.entries(categories).map(([name, category]) => ({ stack, what: `category ${name}`, text: formatCategoryMeaning(category) })),
];

/** Names that two stacks give to different things: side by side on a page they look like one. */
export const findNameClashes = (stacks: readonly Pick<StackInput, "stack" | "matrix">[]): string[] =>
  [...Map.groupBy(stacks.flatMap(listNameMeanings), ({ what }) => what)]
    .filter(([, same]) => new Set(same.map(({ text }) => text)).size > 1)
    .map(([what, same]) => `Stacks ${same.map(({ stack }) => stack).join(" and ")} do not mean the same by the ${what}: what is said of one does not hold for the other. Give one of them another name.`);
