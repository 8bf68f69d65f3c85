import type { CategoryName, DataKind } from "../matrix/index.ts";
import { bilingualTokens, codeTokens, monolingualTokens } from "./publishedTokens.ts";

/**
 * Code in one epoch of a mixture with code, in tokens. An inference of ours: how much of The Stack was taken is not
 * published, but the study's notebooks count 100 M tokens more after two epochs with code than without.
 */
export const codePerEpoch = 50_000_000;

/** Tokens of one epoch. */
export interface MixtureTokens {
  total: number;
  bySource: { monolingual?: number; bilingual?: number; code?: number };
  /** Of text, by FLORES-200 code; both sides of a pair count for their own language. */
  byLanguage: Readonly<Record<string, number>>;
}

type ByLanguage = Record<string, number>;

const sum = (tokens: readonly number[]) => tokens.reduce((total, some) => total + some, 0);

/** Text of a category by language, alone or side by side. */
function textTokens(data: DataKind, category: CategoryName): ByLanguage {
  if (data === "Mono" || data === "Mono+Code") return { ...monolingualTokens[category] };
  const tokens: ByLanguage = {};
  for (const { languages, tokens: sides } of bilingualTokens[category]) {
    languages.forEach((language, side) => {
      tokens[language] = (tokens[language] ?? 0) + (sides[side] ?? 0);
    });
  }
  return tokens;
}

const text = { Mono: "monolingual", Bi: "bilingual", "Mono+Code": "monolingual", "Bi+Code": "bilingual" } as const;

const hasCode = (data: DataKind) => data === "Mono+Code" || data === "Bi+Code";

/** Tokens that a mixture of the study has in one epoch, by the study's own count. */
export function mixtureTokens(data: DataKind, category: CategoryName): MixtureTokens {
  const byLanguage = textTokens(data, category);
  const ofText = sum(Object.values(byLanguage));
  const code = hasCode(data) ? codePerEpoch : 0;
  return { total: ofText + code, bySource: { [text[data]]: ofText, ...(code > 0 && { code }) }, byLanguage };
}

/** Code of one epoch by programming language: each has its share of The Stack, in whole tokens. */
export function codeShares(): Readonly<Record<string, number>> {
  const all = sum(Object.values(codeTokens));
  return Object.fromEntries(Object.entries(codeTokens).map(([language, tokens]) => [language, Math.round((codePerEpoch * tokens) / all)]));
}
