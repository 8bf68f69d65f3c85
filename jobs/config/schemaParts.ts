import { z } from "zod";
import { formatSuggestion } from "../../validation/suggestions.ts";
import { knownLanguages } from "../matrix/knownLanguages.ts";

export function buildRuleError(rule: string, error: string) {
  return { error, params: { rule } };
}

export function buildCountSchema(max: number) {
  return z.number().int().min(1).max(max);
}

/**
 * Builds the schema of a text with a pattern. The pattern is a rule of this project, so that its problems have a name,
 * and metadata, so that it is in the JSON schema, too.
 */
export function buildPatternSchema(pattern: RegExp, error: ReturnType<typeof buildRuleError>) {
  return z
    .string()
    .refine((text) => pattern.test(text), error)
    .meta({ pattern: pattern.source });
}

export const objectNameSchema = buildPatternSchema(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  buildRuleError(
    "not-a-name",
    "must be the name of a Kubernetes object: at most 63 lowercase letters, digits and dashes",
  ),
);

export const commitSchema = buildPatternSchema(
  /^[0-9a-f]{40}$/,
  buildRuleError("not-a-commit", "must be a commit of 40 hexadecimal digits; branches and tags can move"),
);

export const repositorySchema = buildPatternSchema(
  /^[\w.-]+\/[\w.-]+$/,
  buildRuleError("not-a-name", "must be a Hugging Face repository, like Qwen/Qwen2.5-7B"),
);

export const wordCountSchema = buildCountSchema(1e13);

const languageCodes = knownLanguages.map(({ code }) => code);

const knownCodesNote = { note: `known languages: ${languageCodes.join(", ")}` };

/**
 * Recognizes the form of a FLORES-200 code. Such a code names an unknown language; any other text is a typing mistake.
 */
function isLanguageCode(text: string): boolean {
  return /^[a-z]{3}_[A-Z][a-z]{3}$/.test(text);
}

function describeUnknownLanguage(code: string): string {
  const suggestion = isLanguageCode(code) ? "" : formatSuggestion(code, languageCodes);
  return `not a known language (docs/adding.md#a-language)${suggestion}`;
}

/** The schema of a language whose name the images know. */
export const languageSchema = z
  .string()
  .superRefine((code, context) => {
    if (languageCodes.includes(code)) return;
    context.addIssue({
      code: "custom",
      message: describeUnknownLanguage(code),
      params: { rule: "unknown-language", ...knownCodesNote },
    });
  })
  .meta({ id: "language", description: "a known language, as in FLORES-200", enum: languageCodes });

function isLanguagePair(text: string): boolean {
  const sides = text.split("-");
  return sides.length === 2 && sides[0] !== sides[1] && sides.every((side) => languageCodes.includes(side));
}

const languagePairError = buildRuleError(
  "unknown-language",
  "must be two different known languages (docs/adding.md#a-language), like eng_Latn-zul_Latn",
);

export const languagePairSchema = z
  .string()
  .refine(isLanguagePair, { ...languagePairError, params: { ...languagePairError.params, ...knownCodesNote } });
