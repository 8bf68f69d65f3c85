import { english, listCategoryLanguages } from "../jobs/matrix/index.ts";
import type { Category } from "../jobs/matrix/index.ts";
import type { CellResult } from "./scoresConfigMap.ts";

/** Selects the part of a result that belongs to a category: its languages, and English. */
export function selectCategoryResult(result: CellResult, category: Category): CellResult {
  const languages = new Set([english.code, ...listCategoryLanguages([category])]);
  const { failures = [] } = result;
  return {
    ...result,
    scores: result.scores.filter(({ language }) => languages.has(language)),
    failures: failures.filter(({ language }) => languages.has(language)),
  };
}
