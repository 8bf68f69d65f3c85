import type { AddedBenchmark } from "../matrix/index.ts";
import type { BenchmarkSettings, BenchmarkQuestion, StudyBenchmarks } from "./benchmarkSettings.ts";

const buildQuestion = (added: AddedBenchmark): BenchmarkQuestion => {
  const { kind, items } = added;
  return kind === "translation" ? { kind, items } : { kind, items, labels: added.labels, heading: added.heading, example: added.example };
};

/** Asked as the study's benchmark of the same kind, in the languages that it has. */
function deriveAddedSettings(added: AddedBenchmark, { sib200, flores200 }: StudyBenchmarks): BenchmarkSettings {
  const like = added.kind === "classification" ? sib200 : flores200;
  const { shots = like.shots, seed = like.seed, limit, languages = like.languages } = added;
  const directions = added.kind === "translation" ? (added.directions ?? like.directions) : undefined;
  const { backend, generation, bleuTokenizer } = like;
  return {
    languages: like.languages.filter((language) => languages.includes(language)),
    ...(directions !== undefined && { directions }),
    shots,
    seed,
    ...(limit !== undefined && { limit }),
    backend,
    ...(generation !== undefined && { generation }),
    ...(bleuTokenizer !== undefined && { bleuTokenizer }),
    question: buildQuestion(added),
  };
}

/** The benchmarks that a stack adds, by name; those that have none of the languages are not asked. */
export function buildAddedBenchmarks(added: Readonly<Record<string, AddedBenchmark>>, study: StudyBenchmarks): Record<string, BenchmarkSettings> {
  const all = Object.entries(added).map(([name, benchmark]) => [name, deriveAddedSettings(benchmark, study)] as const);
  return Object.fromEntries(all.filter(([, { languages }]) => languages.length > 0));
}
