import type { Category, Family, Matrix } from "../matrix/index.ts";
import type { StackInput } from "./report.ts";

interface Meaning {
  readonly stack: string;
  readonly what: string;
  readonly text: string;
}

const familyText = ({ title, prefix, base }: Family): string => [title, prefix, base?.repository].join(" ");

const categoryText = ({ title, training, related }: Category): string => [title, training.toSorted(), related.toSorted()].join(" ");

const meanings = ({ stack, matrix: { families, mixtures, categories } }: Pick<StackInput, "stack" | "matrix">): Meaning[] => [
  ...Object.entries(families).map(([name, family]) => ({ stack, what: `family ${name}`, text: familyText(family) })),
  ...Object.entries(mixtures).map(([name, ingredients]: [string, Matrix["mixtures"][string]]) => ({ stack, what: `mixture ${name}`, text: ingredients.toSorted().join(" ") })),
  ...Object.entries(categories).map(([name, category]) => ({ stack, what: `category ${name}`, text: categoryText(category) })),
];

/** Names that two stacks give to different things: side by side on a page they look like one. */
export const clashesBetween = (stacks: readonly Pick<StackInput, "stack" | "matrix">[]): string[] =>
  [...Map.groupBy(stacks.flatMap(meanings), ({ what }) => what)]
    .filter(([, same]) => new Set(same.map(({ text }) => text)).size > 1)
    .map(([what, same]) => `Stacks ${same.map(({ stack }) => stack).join(" and ")} do not mean the same by the ${what}: what is said of one does not hold for the other. Give one of them another name.`);
