import { z } from "zod";
import { findNearestWord } from "../../validation/problems.ts";
import { knownLanguages } from "../matrix/knownLanguages.ts";

export function buildRuleError(rule: string, error: string) {
  return { error, params: { rule } };
}

export function buildCountSchema(most: number) {
  return z.number().int().min(1).max(most);
}

/** A list that names nothing twice. */
export function buildListSchema<Item extends z.ZodType<string>>(item: Item) {
  return z.array(item).superRefine((list, context) => {
    list.forEach((name, index) => {
      if (list.indexOf(name) === index) return;
      const message = `"${name}" is already listed; name it once`;
      context.addIssue({ code: "custom", path: [index], message, params: { rule: "listed-twice" } });
    });
  });
}

export const commitSchema = z
  .string()
  .refine(
    (text) => /^[0-9a-f]{40}$/.test(text),
    buildRuleError("not-a-commit", "this must be a commit, 40 hexadecimal digits; branches and tags move"),
  );

const languageCodes = knownLanguages.map(({ code }) => code);

const knownCodesNote = { note: `known: ${languageCodes.join(", ")}` };

/** A code of FLORES-200, as a language has that is merely unknown here; what is no code is a typing mistake. */
function isLanguageCode(text: string): boolean {
  return /^[a-z]{3}_[A-Z][a-z]{3}$/.test(text);
}

function describeUnknownLanguage(code: string): string {
  const meant = isLanguageCode(code) ? undefined : findNearestWord(code, languageCodes);
  return `not among the languages that the images know (docs/adding.md#a-language)${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
}

/** A language whose name the images know. */
export const languageSchema = z.string().superRefine((code, context) => {
  if (languageCodes.includes(code)) return;
  context.addIssue({
    code: "custom",
    message: describeUnknownLanguage(code),
    params: { rule: "unknown-language", ...knownCodesNote },
  });
});

function isLanguagePair(text: string): boolean {
  const sides = text.split("-");
  return sides.length === 2 && sides[0] !== sides[1] && sides.every((side) => languageCodes.includes(side));
}

const languagePairError = buildRuleError(
  "unknown-language",
  "this must be two languages that the images know (docs/adding.md#a-language), as in eng_Latn-zul_Latn",
);

export const languagePairSchema = z
  .string()
  .refine(isLanguagePair, { ...languagePairError, params: { ...languagePairError.params, ...knownCodesNote } });
