import { listFamilyCells } from "../jobs/matrix/matrixCell.ts";
import type { MatrixAxes, Matrix } from "../jobs/matrix/index.ts";
import type { StackInput } from "./reportModel.ts";
import { makeCellScores, makeScoresConfigMap } from "./sampleStacks.fixture.ts";
import type { CellScores } from "./scoresConfigMap.ts";

const shape = { parameters: 1, hidden: 1, layers: 1, heads: 1, keyValueHeads: 1, feedForward: 1, vocabulary: 1 };

export function makeAddedFamily(title: string, prefix: string) {
  return { title, prefix, repository: `owner/${prefix}`, revision: "0".repeat(40), gated: false, shape };
}

export function makeAddedCategory(title: string, [first = "", ...related]: readonly string[]) {
  return { title, training: [first], related, words: { monolingual: {}, bilingual: {} } };
}

export interface AddedStack {
  readonly stack: StackInput;
  readonly given: readonly CellScores[];
}

function listWholeAxes(matrix: Matrix): MatrixAxes {
  return { data: Object.keys(matrix.mixtures), categories: Object.keys(matrix.categories) };
}

/** A stack of a family, with scores for all of its cells. */
export function makeAddedStack(
  matrix: Matrix,
  family: string,
  { stack = "own", axes = listWholeAxes(matrix) }: { stack?: string; axes?: MatrixAxes } = {},
): AddedStack {
  const cells = listFamilyCells(family, axes, matrix);
  const given = cells.map(({ id, slug, parts: { category } }, index) =>
    makeCellScores({ id, run: `${slug}-${stack}` }, ["eng_Latn", ...category.training, ...category.related], index),
  );
  return {
    given,
    stack: {
      stack,
      matrix,
      cells: given.map(({ cell, run }) => ({ id: cell, run })),
      bases: [],
      configMaps: given.map((scores) => makeScoresConfigMap(scores, 10)),
      hardware: null,
    },
  };
}
