import { benchmarkNotRemoved } from "./settingRules.ts";
import {
  checkpointNeverWritten,
  evaluatedBeforeTheEnd,
  savesFarFromBest,
  unlimitedCheckpoints,
} from "./checkpointRules.ts";
import { heldOutInSome, unexplainedDifference } from "./consistencyRules.ts";
import { overwriteOnRestart, timeoutOfYears } from "./settingRules.ts";
import type { LintFinding, LintCell, LintRule, LintSeverity } from "./lintRule.ts";
import { doesNotFit, leftToDefaults, templateInPretraining } from "./settingRules.ts";

export const lintRules: readonly LintRule[] = [
  doesNotFit,
  checkpointNeverWritten,
  overwriteOnRestart,
  unexplainedDifference,
  heldOutInSome,
  timeoutOfYears,
  unlimitedCheckpoints,
  templateInPretraining,
  evaluatedBeforeTheEnd,
  savesFarFromBest,
  leftToDefaults,
  benchmarkNotRemoved,
];

const severityRank: Readonly<Record<LintSeverity, number>> = { error: 0, warning: 1, note: 2 };

/** All that the rules find in these cells, errors first. Cells of several stacks are compared with each other. */
export function runLintRules(cells: readonly LintCell[]): LintFinding[] {
  const findings = lintRules.flatMap(({ name, severity, check }) =>
    check(cells).map((verdict) => ({ rule: name, severity, ...verdict })),
  );
  return findings.sort((a, b) => severityRank[a.severity] - severityRank[b.severity]);
}
