import type { ExpectedCell } from "./expectedCell.ts";
import { describeIncompleteUnits } from "./incompleteUnits.ts";
import { indexScores } from "./scoreIndex.ts";
import type { ScoreIndex } from "./scoreIndex.ts";
import { readNamedResult } from "./scoresConfigMap.ts";
import type { CellResult, Score, ScoresConfigMap, UnitFailure } from "./scoresConfigMap.ts";

/** The scores of one evaluated checkpoint of a run. */
export interface CheckpointScores {
  readonly step: number;
  /** Tokens that the run had read. */
  readonly tokens: number;
  readonly scores: readonly Score[];
  readonly scoreIndex: ScoreIndex;
  readonly failures: readonly UnitFailure[];
}

interface CheckpointsWithFindings {
  /** In the order of their steps; empty for a run of which one checkpoint is evaluated. */
  readonly checkpoints: readonly CheckpointScores[];
  readonly findings: readonly string[];
}

function buildCheckpointScores({ step, tokens, scores, failures = [] }: CellResult): CheckpointScores[] {
  if (typeof step !== "number" || typeof tokens !== "number") return [];
  return [{ step, tokens, scores, scoreIndex: indexScores(scores), failures }];
}

/**
 * The scores of all evaluated checkpoints of a run, if there are several.
 * @param last the scores of the highest one, if they exist
 */
export function readCheckpointScores(
  expected: ExpectedCell,
  configMaps: readonly ScoresConfigMap[],
  last: CellResult | null,
): CheckpointsWithFindings {
  const names = new Set(configMaps.map(({ name }) => name));
  const earlier = (expected.evaluated ?? [])
    .slice(0, -1)
    .filter(({ scores }) => names.has(scores))
    .map(({ scores }) => readNamedResult(expected, scores, configMaps));
  if (earlier.length === 0) return { checkpoints: [], findings: [] };
  const results = [...earlier.map(({ result }) => result), last].filter((result) => result !== null);
  return {
    checkpoints: results.flatMap(buildCheckpointScores).sort((a, b) => a.step - b.step),
    findings: earlier.flatMap(({ result, findings }) => [
      ...findings,
      ...describeIncompleteUnits(`${expected.id} at step ${String(result?.step ?? "unknown")}`, result),
    ]),
  };
}
