import { z } from "zod";
import { nearest } from "./problems.ts";
import { knownLanguages } from "./languages.ts";

export const custom = (rule: string, error: string) => ({ error, params: { rule } });

export const count = (most: number) => z.number().int().min(1).max(most);

/** A list that names nothing twice. */
export function listOf<Item extends z.ZodType<string>>(item: Item) {
  return z.array(item).superRefine((list, context) => {
    list.forEach((name, index) => {
      if (list.indexOf(name) === index) return;
      const message = `"${name}" is already listed; name it once`;
      context.addIssue({ code: "custom", path: [index], message, params: { rule: "listed-twice" } });
    });
  });
}

export const commit = z.string().refine((text) => /^[0-9a-f]{40}$/.test(text), custom("not-a-commit", "this must be a commit, 40 hexadecimal digits; branches and tags move"));

const codes = knownLanguages.map(({ code }) => code);

const knownCodes = { note: `known: ${codes.join(", ")}` };

/** A code of FLORES-200, as a language has that is merely unknown here; what is no code is a typing mistake. */
const isCode = (text: string): boolean => /^[a-z]{3}_[A-Z][a-z]{3}$/.test(text);

function unknownLanguage(code: string): string {
  const meant = isCode(code) ? undefined : nearest(code, codes);
  return `not among the languages that the images know (docs/adding.md#a-language)${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
}

/** A language whose name the images know. */
export const language = z.string().superRefine((code, context) => {
  if (codes.includes(code)) return;
  context.addIssue({ code: "custom", message: unknownLanguage(code), params: { rule: "unknown-language", ...knownCodes } });
});

const isPair = (text: string): boolean => {
  const sides = text.split("-");
  return sides.length === 2 && sides[0] !== sides[1] && sides.every((side) => codes.includes(side));
};

const pairProblem = custom("unknown-language", "this must be two languages that the images know (docs/adding.md#a-language), as in eng_Latn-zul_Latn");

export const languagePair = z.string().refine(isPair, { ...pairProblem, params: { ...pairProblem.params, ...knownCodes } });
