import { formatScoresName } from "../kube/names.ts";
import type { ExpectedCell } from "./cell.ts";
import { parseScoresConfigMap, type CellResult, type CellScores, type ScoresConfigMap } from "./scores.ts";

export interface ResultWithFindings {
  /** null where there are no scores yet, or none that can be trusted. */
  readonly result: CellResult | null;
  /** Why the scores that are there are not shown, one sentence each. */
  readonly findings: readonly string[];
}

const describeMismatch = (expected: ExpectedCell, configMap: ScoresConfigMap, scores: CellScores): string[] => [
  ...(scores.cell === expected.id ? [] : [`ConfigMap ${configMap.name} says it is of cell ${scores.cell}; the run ${expected.run} belongs to ${expected.id}.`]),
  ...(scores.run === expected.run ? [] : [`ConfigMap ${configMap.name} says it is of run ${scores.run}; expected ${expected.run}.`]),
];

/** What the ConfigMap of a cell, or of a base model, says, if it is that of its run. */
export const readRunResult = (expected: ExpectedCell, configMaps: readonly ScoresConfigMap[]): ResultWithFindings => {
  const configMap = configMaps.find(({ name }) => name === formatScoresName(expected.run));
  if (configMap === undefined) return { result: null, findings: [] };
  const read = parseScoresConfigMap(configMap);
  if (!read.ok) return { result: null, findings: read.problems };
  const findings = describeMismatch(expected, configMap, read.scores);
  return { result: findings.length > 0 ? null : { ...read.scores, finished: configMap.created }, findings };
};
