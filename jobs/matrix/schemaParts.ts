import { z } from "zod";
import { allowedWords } from "./problems.ts";
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

/** A language whose name the images know. */
export const language = z.string().superRefine((code, context) => {
  if (codes.includes(code)) return;
  context.addIssue({ code: "custom", message: `there is no such language; ${allowedWords(code, codes)}`, params: { rule: "unknown-language" } });
});

const isPair = (text: string): boolean => {
  const sides = text.split("-");
  return sides.length === 2 && sides[0] !== sides[1] && sides.every((side) => codes.includes(side));
};

export const languagePair = z.string().refine(isPair, custom("unknown-language", "this must be two known languages, as in eng_Latn-zul_Latn"));
