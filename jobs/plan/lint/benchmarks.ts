import { benchmarkRepositories } from "../../matrix/repositories.ts";
import type { Rule } from "./rule.ts";
import { cellByCell } from "./rule.ts";

/** Benchmarks whose texts are taken out of every corpus. */
const removed = Object.keys(benchmarkRepositories);

export const benchmarkNotRemoved: Rule = {
  name: "benchmark-not-removed",
  severity: "note",
  check: cellByCell(({ benchmarks }) => {
    const kept = Object.keys(benchmarks).filter((name) => !removed.includes(name));
    return kept.length === 0 ? undefined : `the texts of ${kept.join(" and ")} are not taken out of the corpora: a score may rest on what was trained on`;
  }),
};
