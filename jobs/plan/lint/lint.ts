import { benchmarkNotRemoved } from "./benchmarks.ts";
import { checkpointNeverWritten, evaluatedBeforeTheEnd, savesSeldom, unlimitedCheckpoints } from "./checkpoints.ts";
import { heldOutInSome, unexplainedDifference } from "./consistency.ts";
import { overwriteOnRestart, timeoutOfYears } from "./restarts.ts";
import type { Finding, LintCell, Rule, Severity } from "./rule.ts";
import { doesNotFit, leftToDefaults, templateInPretraining } from "./settings.ts";

export const lintRules: readonly Rule[] = [
  doesNotFit,
  checkpointNeverWritten,
  overwriteOnRestart,
  unexplainedDifference,
  heldOutInSome,
  timeoutOfYears,
  unlimitedCheckpoints,
  templateInPretraining,
  evaluatedBeforeTheEnd,
  savesSeldom,
  leftToDefaults,
  benchmarkNotRemoved,
];

const weight: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** All that the rules find in these cells, errors first. Cells of several stacks are compared with each other. */
export function lint(cells: readonly LintCell[]): Finding[] {
  const findings = lintRules.flatMap(({ name, severity, check }) => check(cells).map((verdict) => ({ rule: name, severity, ...verdict })));
  return findings.sort((a, b) => weight[a.severity] - weight[b.severity]);
}
