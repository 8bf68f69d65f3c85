import {
  endsBeforeItsCheckpoint,
  evaluatedBeforeTheEnd,
  mayEndBeforeItsCheckpoint,
  savesFarFromBest,
} from "./checkpointRules.ts";
import { boundByTheNetwork } from "./networkRules.ts";
import { followsAnAxis, heldOutInSome, unexplainedDifference } from "./consistencyRules.ts";
import { textRepeats, textRunsOut } from "./repetitionRules.ts";
import type { LintCell, LintFinding, LintRule, LintSeverity } from "./lintRule.ts";
import {
  benchmarkNotRemoved,
  doesNotFit,
  leftToDefaults,
  notAsPublished,
  otherSequenceLength,
  overwriteOnRestart,
  templateInPretraining,
  timeoutOfYears,
} from "./settingRules.ts";

export const lintRules: readonly LintRule[] = [
  doesNotFit,
  boundByTheNetwork,
  endsBeforeItsCheckpoint,
  mayEndBeforeItsCheckpoint,
  overwriteOnRestart,
  unexplainedDifference,
  followsAnAxis,
  heldOutInSome,
  timeoutOfYears,
  templateInPretraining,
  otherSequenceLength,
  evaluatedBeforeTheEnd,
  savesFarFromBest,
  leftToDefaults,
  notAsPublished,
  benchmarkNotRemoved,
  textRunsOut,
  textRepeats,
];

const severityRank: Readonly<Record<LintSeverity, number>> = { error: 0, warning: 1, note: 2 };

/** Runs all rules on these cells, which may be of several stacks, and returns the findings with errors first. */
export function runLintRules(cells: readonly LintCell[]): LintFinding[] {
  const findings = lintRules.flatMap(({ name, severity, check }) =>
    check(cells).map((verdict) => ({ rule: name, severity, ...verdict })),
  );
  return findings.sort((a, b) => severityRank[a.severity] - severityRank[b.severity]);
}
