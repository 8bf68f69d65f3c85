import type { Problem } from "../../validation/problems.ts";
import { dataRepositories } from "../matrix/hubRepositories.ts";
import { packagedModel, packagedModelLanguages } from "../matrix/packagedModel.ts";
import type { AddedBenchmark } from "./benchmarksSchema.ts";
import type { IdentificationBenchmark } from "./identificationSchema.ts";

type AddedBenchmarks = Readonly<Record<string, AddedBenchmark>>;

/** Returns the languages of a benchmark's translations; undefined if it translates all that the cells evaluate. */
function listTranslatedLanguages(added: AddedBenchmarks, { translations }: IdentificationBenchmark) {
  const translating = added[translations];
  return translating?.kind === "translation" ? translating.languages : undefined;
}

function checkTranslations(name: string, { translations }: IdentificationBenchmark, added: AddedBenchmarks): Problem[] {
  const translating = Object.keys(added).filter((one) => added[one]?.kind === "translation");
  if (translations === "flores200" || translating.includes(translations)) return [];
  const allowed = ["flores200", ...translating].join(", ");
  const message = `no benchmark of the stack with this name translates; allowed: ${allowed}`;
  return [{ rule: "not-allowed", path: `benchmarks.${name}.translations`, value: translations, message }];
}

/** Refuses languages that the model in the image cannot identify, of which no translation would count. */
function checkIdentifiedLanguages(
  name: string,
  benchmark: IdentificationBenchmark,
  evaluated: readonly string[],
): Problem[] {
  const { model, languages } = benchmark;
  if (model !== undefined) return [];
  const known: readonly string[] = packagedModelLanguages;
  const unknown = (languages ?? evaluated).filter((language) => !known.includes(language));
  if (unknown.length === 0) return [];
  const usable = evaluated.filter((language) => known.includes(language));
  const advice = usable.length === 0 ? "" : `, or set languages: [${usable.join(", ")}]`;
  const message =
    `${packagedModel}, the model in the image, cannot identify ${unknown.join(", ")}; ` +
    `set model: {repository: ${dataRepositories.languageModel}, revision: COMMIT}${advice}`;
  const path = `benchmarks.${name}.${languages === undefined ? "model" : "languages"}`;
  return [{ rule: "benchmark-lacks-language", path, value: languages, message }];
}

/**
 * Checks the benchmarks that identify languages: they need a benchmark that translates, and a model that knows its
 * languages. `evaluated` are those of the cells without English. Paths lack the namespace.
 */
export function checkIdentification(added: AddedBenchmarks, evaluated: readonly string[]): Problem[] {
  return Object.entries(added).flatMap(([name, benchmark]) => {
    if (benchmark.kind !== "language-identification") return [];
    const translated = listTranslatedLanguages(added, benchmark) ?? evaluated;
    return [
      ...checkTranslations(name, benchmark, added),
      ...checkIdentifiedLanguages(
        name,
        benchmark,
        evaluated.filter((language) => translated.includes(language)),
      ),
    ];
  });
}
