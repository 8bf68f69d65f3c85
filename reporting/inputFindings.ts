import type { Category, Family, Matrix } from "../jobs/matrix/index.ts";
import type { Cell } from "../jobs/matrix/matrixCell.ts";
import type { StackInput } from "./reportModel.ts";
import { buildMeasureKey, formatMeasureName } from "./scoreMeasure.ts";
import type { Score } from "./scoresConfigMap.ts";

interface ScoredCell extends Cell {
  readonly group: string;
  readonly scores: readonly Score[];
}

function buildUnitKey(score: Score): string {
  return `${buildMeasureKey(score)} ${score.language}`;
}

function formatUnitName(score: Score): string {
  return `${formatMeasureName(score)} of ${score.language}`;
}

function findDuplicateScores({ id, scores }: ScoredCell): string[] {
  return [...Map.groupBy(scores, buildUnitKey).values()].flatMap(([first, ...more]) =>
    first !== undefined && more.length > 0
      ? [`${id} has ${more.length + 1} values for ${formatUnitName(first)}; the first is shown.`]
      : [],
  );
}

function findMissingScores(cell: ScoredCell, peers: readonly ScoredCell[]): string[] {
  if (cell.scores.length === 0) return [];
  const own = new Set(cell.scores.map(buildUnitKey));
  const wanted = new Map(peers.flatMap(({ scores }) => scores).map((score) => [buildUnitKey(score), score]));
  return [...wanted]
    .filter(([key]) => !own.has(key))
    .map(([, score]) => `${cell.id} has no ${formatUnitName(score)}; other cells of its category have.`);
}

/** Scores that a cell lacks although others of its category have them, and scores that it has more than once. */
export function findScoreGaps(cells: readonly ScoredCell[]): string[] {
  return cells.flatMap((cell) => [
    ...findDuplicateScores(cell),
    ...findMissingScores(
      cell,
      cells.filter((peer) => peer.group === cell.group && peer.category === cell.category),
    ),
  ]);
}

interface NameMeaning {
  readonly stack: string;
  readonly what: string;
  readonly text: string;
}

function formatFamilyMeaning({ title, prefix, base }: Family): string {
  return [title, prefix, base?.repository].join(" ");
}

function formatCategoryMeaning({ title, training, related }: Category): string {
  return [title, training.toSorted(), related.toSorted()].join(" ");
}

function listNameMeanings({
  stack,
  matrix: { families, mixtures, categories },
}: Pick<StackInput, "stack" | "matrix">): NameMeaning[] {
  return [
    ...Object.entries(families).map(([name, family]) => ({
      stack,
      what: `family ${name}`,
      text: formatFamilyMeaning(family),
    })),
    ...Object.entries(mixtures).map(([name, ingredients]: [string, Matrix["mixtures"][string]]) => ({
      stack,
      what: `mixture ${name}`,
      text: ingredients.toSorted().join(" "),
    })),
    ...Object.entries(categories).map(([name, category]) => ({
      stack,
      what: `category ${name}`,
      text: formatCategoryMeaning(category),
    })),
  ];
}

/** Names that two stacks give to different things: side by side on a page they look like one. */
export function findNameClashes(stacks: readonly Pick<StackInput, "stack" | "matrix">[]): string[] {
  return [...Map.groupBy(stacks.flatMap(listNameMeanings), ({ what }) => what)]
    .filter(([, same]) => new Set(same.map(({ text }) => text)).size > 1)
    .map(
      ([what, same]) =>
        `Stacks ${same.map(({ stack }) => stack).join(" and ")} do not mean the same by the ${what}: what is said of one does not hold for the other. Give one of them another name.`,
    );
}
