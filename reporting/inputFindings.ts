import { serializeCanonically } from "../jobs/kube/contentHash.ts";
import { findFamilyByBase } from "../jobs/matrix/index.ts";
import type { Category, Cell, Family, MixtureWeights } from "../jobs/matrix/index.ts";
import type { ExpectedCell } from "./expectedCell.ts";
import { findUnitFailure } from "./incompleteUnits.ts";
import type { KnownCell } from "./reportCells.ts";
import type { StackInput } from "./reportModel.ts";
import { buildScoreKey } from "./scoreIndex.ts";
import { formatMeasureName } from "./scoreMeasure.ts";
import type { CellResult, Score } from "./scoresConfigMap.ts";

/** A stack with those of its submitted cells that its matrix can name. */
export interface KnownStack extends StackInput {
  readonly knownCells: readonly KnownCell[];
}

/** Finds cells and base models that were submitted with additions which have since left the stack's configuration. */
export function describeUnknownEntries({ stack, matrix, cells, bases, knownCells }: KnownStack): string[] {
  const describeEntry = (kind: string, { id, run }: ExpectedCell): string =>
    `Stack ${stack}: the ${kind} ${id} (run ${run}) is in neither its configuration nor the study; it is left out.`;
  const knownIds = new Set(knownCells.map(({ cell }) => cell.id));
  return [
    ...cells.filter(({ id }) => !knownIds.has(id)).map((cell) => describeEntry("cell", cell)),
    ...bases
      .filter(({ id }) => findFamilyByBase(matrix, id) === undefined)
      .map((base) => describeEntry("base model", base)),
  ];
}

interface ScoredCell extends Cell {
  readonly group: string;
  readonly scores: readonly Score[];
  readonly result: CellResult | null;
}

function formatScoreName(score: Score): string {
  return `${formatMeasureName(score)} of ${score.language}`;
}

function buildKey(score: Score): string {
  return buildScoreKey(score, score.language);
}

function findDuplicateScores({ id, scores }: ScoredCell): string[] {
  return [...Map.groupBy(scores, buildKey).values()].flatMap(([first, ...more]) =>
    first !== undefined && more.length > 0
      ? [`${id} has ${more.length + 1} values for ${formatScoreName(first)}; the first is shown.`]
      : [],
  );
}

function findMissingScores(cell: ScoredCell, peers: readonly ScoredCell[]): string[] {
  if (cell.scores.length === 0) return [];
  const ownKeys = new Set(cell.scores.map(buildKey));
  const peerScores = new Map(peers.flatMap(({ scores }) => scores).map((score) => [buildKey(score), score]));
  return [...peerScores]
    .filter(([key, score]) => !ownKeys.has(key) && findUnitFailure(cell.result, score) === undefined)
    .map(([, score]) => `${cell.id} has no ${formatScoreName(score)}, but other cells of its category do.`);
}

/**
 * Finds scores that a cell lacks although others of its category have them, and scores that it has more than once.
 * Units that failed have their own findings.
 */
export function findScoreGaps(cells: readonly ScoredCell[]): string[] {
  return cells.flatMap((cell) => [
    ...findDuplicateScores(cell),
    ...findMissingScores(
      cell,
      cells.filter((peer) => peer.group === cell.group && peer.category === cell.category),
    ),
  ]);
}

type NamedStack = Pick<StackInput, "stack" | "matrix">;

/** A name that a stack's matrix defines, with its definition as one comparable text. */
interface NameDefinition {
  readonly stack: string;
  readonly name: string;
  readonly definition: string;
}

function formatFamilyDefinition({ title, prefix, base }: Family): string {
  return [title, prefix, base?.repository].join(" ");
}

type MixtureDefinition = readonly [ingredients: readonly string[], weights: MixtureWeights | undefined];

function formatMixtureDefinition([ingredients, weights]: MixtureDefinition): string {
  return ingredients.toSorted().join(" ") + (weights === undefined ? "" : serializeCanonically(weights));
}

function formatCategoryDefinition({ title, training, related }: Category): string {
  return [title, training.toSorted(), related.toSorted()].join(" ");
}

function listNameDefinitions({ stack, matrix }: NamedStack): NameDefinition[] {
  const { families, mixtures, weights, categories } = matrix;
  const definitions = Object.entries(mixtures).map(([name, list]): [string, MixtureDefinition] => [
    name,
    [list, weights[name]],
  ]);
  const listDefinitions = <Value>(
    kind: string,
    entries: Readonly<Record<string, Value>>,
    format: (value: Value) => string,
  ): NameDefinition[] =>
    Object.entries(entries).map(([name, value]) => ({ stack, name: `${kind} ${name}`, definition: format(value) }));
  return [
    ...listDefinitions("family", families, formatFamilyDefinition),
    ...listDefinitions("mixture", Object.fromEntries(definitions), formatMixtureDefinition),
    ...listDefinitions("category", categories, formatCategoryDefinition),
  ];
}

/** Finds names that two stacks give to different things: side by side on a page they look like one thing. */
export function findNameClashes(stacks: readonly NamedStack[]): string[] {
  return [...Map.groupBy(stacks.flatMap(listNameDefinitions), ({ name }) => name)]
    .filter(([, same]) => new Set(same.map(({ definition }) => definition)).size > 1)
    .map(
      ([name, same]) =>
        `Stacks ${same.map(({ stack }) => stack).join(" and ")} define the ${name} differently, ` +
        "so what the report says of one does not hold for the other; rename one of them.",
    );
}
