import type { Cell } from "../matrix/cell.ts";
import { buildMeasureKey, formatMeasureName } from "./measure.ts";
import type { Score } from "./scores.ts";

interface ScoredCell extends Cell {
  readonly group: string;
  readonly scores: readonly Score[];
}

const buildUnitKey = (score: Score): string => `${buildMeasureKey(score)} ${score.language}`;

const formatUnitName = (score: Score): string => `${formatMeasureName(score)} of ${score.language}`;

const findDuplicateScores = ({ id, scores }: ScoredCell): string[] =>
  [...Map.groupBy(scores, buildUnitKey).values()].flatMap(([first, ...more]) =>
    first !== undefined && more.length > 0 ? [`${id} has ${more.length + 1} values for ${formatUnitName(first)}; the first is shown.`] : [],
  );

const findMissingScores = (cell: ScoredCell, peers: readonly ScoredCell[]): string[] => {
  if (cell.scores.length === 0) return [];
  const own = new Set(cell.scores.map(buildUnitKey));
  const wanted = new Map(peers.flatMap(({ scores }) => scores).map((score) => [buildUnitKey(score), score]));
  return [...wanted].filter(([key]) => !own.has(key)).map(([, score]) => `${cell.id} has no ${formatUnitName(score)}; other cells of its category have.`);
};

/** Scores that a cell lacks although others of its category have them, and scores that it has more than once. */
export const findScoreGaps = (cells: readonly ScoredCell[]): string[] =>
  cells.flatMap((cell) => [...findDuplicateScores(cell), ...findMissingScores(cell, cells.filter((peer) => peer.group === cell.group && peer.category === cell.category))]);
