import { benchmarkRepositories } from "../../matrix/repositories.ts";
import type { LintRule } from "./rule.ts";
import { checkCellByCell } from "./rule.ts";

/** Benchmarks whose texts are taken out of every corpus. */
const decontaminatedBenchmarks = Object.keys(benchmarkRepositories);

export const benchmarkNotRemoved: LintRule = {
  name: "benchmark-not-removed",
  severity: "note",
  check: checkCellByCell(({ benchmarks }) => {
    const kept = Object.keys(benchmarks).filter((name) => !decontaminatedBenchmarks.includes(name));
    return kept.length === 0 ? undefined : `the texts of ${kept.join(" and ")} are not taken out of the corpora: a score may rest on what was trained on`;
  }),
};
