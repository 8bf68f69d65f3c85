import type { Problem } from "../../validation/problems.ts";
import { benchmarkLanguages, listSimilarLanguages } from "../matrix/benchmarkLanguages.ts";
import { english } from "../matrix/knownLanguages.ts";
import type { Category } from "../matrix/studyCategories.ts";
import { listCategoryLanguages } from "../matrix/studyCategories.ts";
import type { AddedBenchmark } from "./benchmarksSchema.ts";
import { checkIdentification } from "./identificationRules.ts";

const rule = "benchmark-lacks-language";

function describeMissingLanguage(benchmark: string, language: string, available: readonly string[]): string {
  const similar = listSimilarLanguages(language, available);
  const advice = similar.length === 0 ? "" : ` or use ${similar.join(" or ")}, which it has`;
  const loss = "and the cells would get no scores of it";
  return `the benchmark ${benchmark} has no ${language}, ${loss}; leave it out${advice}`;
}

/** Refuses languages of a category that a benchmark of the study lacks. Paths lack the namespace. */
export function checkCategoryLanguages(
  category: Category,
  benchmarks: Readonly<Record<string, readonly string[]>> = benchmarkLanguages,
): Problem[] {
  return (["training", "related"] as const).flatMap((field) =>
    category[field].flatMap((value, index) =>
      Object.entries(benchmarks)
        .filter(([, available]) => !available.includes(value))
        .map(([name, available]) => {
          const path = `categories.${category.name}.${field}[${String(index)}]`;
          return { rule, path, value, message: describeMissingLanguage(name, value, available) };
        }),
    ),
  );
}

/** Refuses categories of English alone: FLORES-200 translates from and into it. */
export function checkTranslatedLanguages({ name, training, related }: Category): Problem[] {
  const languages = listCategoryLanguages([{ training, related }]);
  if (languages.length === 0 || languages.some((language) => language !== english.code)) return [];
  const message = "the benchmark flores200 translates from and into English; add another language";
  return [{ rule, path: `categories.${name}.training`, value: training, message }];
}

/** Lists the languages that an added benchmark has; undefined if it has all of the study's. */
export function listBenchmarkLanguages(added: AddedBenchmark): readonly string[] | undefined {
  return "tasks" in added ? Object.keys(added.tasks) : added.languages;
}

/** Kinds of added benchmarks about translations, which are from or into English. */
const translatingKinds: readonly string[] = ["translation", "language-identification"];

/** Refuses added benchmarks with none, or with unusable ones, of the languages in which the cells are evaluated. */
export function checkAddedBenchmarks(
  benchmarks: Readonly<Record<string, AddedBenchmark>>,
  categories: readonly Category[],
): Problem[] {
  const evaluated = listCategoryLanguages(categories).filter((language) => language !== english.code);
  const unused = Object.entries(benchmarks).flatMap(([name, benchmark]): Problem[] => {
    const value = listBenchmarkLanguages(benchmark);
    const usable = translatingKinds.includes(benchmark.kind) ? evaluated : [english.code, ...evaluated];
    if (value === undefined || value.some((language) => usable.includes(language))) return [];
    const message =
      `no cell is evaluated in a language of the benchmark ${name}; leave the benchmark out, ` +
      `or list those that it has of: ${usable.join(", ")}`;
    const field = "tasks" in benchmark ? "tasks" : "languages";
    return [{ rule, path: `benchmarks.${name}.${field}`, value, message }];
  });
  return [...unused, ...checkIdentification(benchmarks, evaluated)];
}
