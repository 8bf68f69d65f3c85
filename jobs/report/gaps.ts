import type { AnyCell } from "../matrix/cell.ts";
import { measureKey, measureName } from "./measure.ts";
import type { Score } from "./scores.ts";

interface ScoredCell extends AnyCell {
  readonly group: string;
  readonly scores: readonly Score[];
}

const unitKey = (score: Score): string => `${measureKey(score)} ${score.language}`;

const unitName = (score: Score): string => `${measureName(score)} of ${score.language}`;

const duplicates = ({ id, scores }: ScoredCell): string[] =>
  [...Map.groupBy(scores, unitKey).values()].flatMap(([first, ...more]) =>
    first !== undefined && more.length > 0 ? [`${id} has ${more.length + 1} values for ${unitName(first)}; the first is shown.`] : [],
  );

const absent = (cell: ScoredCell, peers: readonly ScoredCell[]): string[] => {
  if (cell.scores.length === 0) return [];
  const own = new Set(cell.scores.map(unitKey));
  const wanted = new Map(peers.flatMap(({ scores }) => scores).map((score) => [unitKey(score), score]));
  return [...wanted].filter(([key]) => !own.has(key)).map(([, score]) => `${cell.id} has no ${unitName(score)}; other cells of its category have.`);
};

/** Scores that a cell lacks although others of its category have them, and scores that it has more than once. */
export const findGaps = (cells: readonly ScoredCell[]): string[] =>
  cells.flatMap((cell) => [...duplicates(cell), ...absent(cell, cells.filter((peer) => peer.group === cell.group && peer.category === cell.category))]);
