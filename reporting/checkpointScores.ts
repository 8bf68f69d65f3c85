import { formatEarlierScoresName } from "../jobs/kube/objectNames.ts";
import type { ExpectedCell } from "./expectedCell.ts";
import { indexScores } from "./scoreIndex.ts";
import type { ScoreIndex } from "./scoreIndex.ts";
import { readNamedResult, readRunResult } from "./scoresConfigMap.ts";
import type { CellResult, Score, ScoresConfigMap } from "./scoresConfigMap.ts";

/** The scores of one evaluated checkpoint of a run. */
export interface CheckpointScores {
  readonly step: number;
  /** Tokens that the run had read. */
  readonly tokens: number;
  readonly scores: readonly Score[];
  readonly scoreIndex: ScoreIndex;
}

interface CheckpointsWithFindings {
  /** In the order of their steps; empty for a run of which one checkpoint is evaluated. */
  readonly checkpoints: readonly CheckpointScores[];
  readonly findings: readonly string[];
}

/** Lists the ConfigMaps of a run's earlier checkpoints: the expected ones, if the state records which these are. */
function listEarlierNames({ run, evaluated }: ExpectedCell, configMaps: readonly ScoresConfigMap[]): string[] {
  const prefix = formatEarlierScoresName(run, "");
  const names = configMaps.map(({ name }) => name).filter((name) => name.startsWith(prefix));
  return evaluated === undefined ? names : names.filter((name) => evaluated.some(({ scores }) => scores === name));
}

function buildCheckpointScores({ step, tokens, scores }: CellResult): CheckpointScores[] {
  if (typeof step !== "number" || typeof tokens !== "number") return [];
  return [{ step, tokens, scores, scoreIndex: indexScores(scores) }];
}

/** The scores of all evaluated checkpoints of a run, if there are several. */
export function readCheckpointScores(
  expected: ExpectedCell,
  configMaps: readonly ScoresConfigMap[],
): CheckpointsWithFindings {
  const earlier = listEarlierNames(expected, configMaps).map((name) => readNamedResult(expected, name, configMaps));
  if (earlier.length === 0) return { checkpoints: [], findings: [] };
  const results = [...earlier, readRunResult(expected, configMaps)].flatMap(({ result }) => result ?? []);
  return {
    checkpoints: results.flatMap(buildCheckpointScores).sort((a, b) => a.step - b.step),
    findings: earlier.flatMap(({ findings }) => findings),
  };
}
