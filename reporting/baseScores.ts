import { familyNames, findFamilyByBase } from "../jobs/matrix/index.ts";
import type { Family, Matrix } from "../jobs/matrix/index.ts";
import type { ExpectedCell } from "./expectedCell.ts";
import { describeIncompleteUnits } from "./incompleteUnits.ts";
import { isNameIn } from "./nameGuard.ts";
import type { PublishedNumbers } from "./published/publishedNumbers.ts";
import { indexScores } from "./scoreIndex.ts";
import type { ScoreIndex } from "./scoreIndex.ts";
import { readRunResult } from "./scoresConfigMap.ts";
import type { CellResult, ResultWithFindings, ScoresConfigMap } from "./scoresConfigMap.ts";

/** The scores of a family's model before any training: from an evaluation here, or from the paper if there is none. */
type BaseScores = { readonly scores: ScoreIndex } & (
  { readonly origin: "own"; readonly result: CellResult } | { readonly origin: "published" }
);

/** Scores of base models, by `buildModelKey`. */
export type BaseScoresByModel = ReadonlyMap<string, BaseScores>;

interface BaseScoresWithFindings {
  readonly bases: BaseScoresByModel;
  readonly findings: readonly string[];
}

/**
 * Key that tells models apart: the family's name for the study's families. For an added family it is the repository,
 * because two stacks may give one name to two models.
 */
export function buildModelKey({ name, base }: Family): string {
  return isNameIn(familyNames, name) ? name : (base?.repository ?? name);
}

function describeMissingBase({ id, run }: ExpectedCell, family: Family, published: PublishedNumbers): string {
  const consequence = published.bases.has(buildModelKey(family))
    ? "the paper's scores are used instead"
    : "no change against it is shown";
  return `The base model ${id} has no scores yet (run ${run}): ${consequence}.`;
}

interface BaseResultWithFindings extends ResultWithFindings {
  readonly key: string;
  /** The model's name in findings. */
  readonly id: string;
}

interface StackBases {
  readonly bases: readonly ExpectedCell[];
  readonly configMaps: readonly ScoresConfigMap[];
  readonly matrix: Matrix;
}

function readStackBases(
  { bases, configMaps, matrix }: StackBases,
  published: PublishedNumbers,
): BaseResultWithFindings[] {
  return bases.flatMap((expected) => {
    const family = findFamilyByBase(matrix, expected.id);
    if (family === undefined) return [];
    const { result, findings } = readRunResult(expected, configMaps);
    return [
      {
        key: buildModelKey(family),
        id: expected.id,
        result,
        findings:
          result === null && findings.length === 0 ? [describeMissingBase(expected, family, published)] : findings,
      },
    ];
  });
}

/** Results without failures come last, and then the newest. */
function rankBaseResult({ failures = [], finished }: CellResult): string {
  return `${failures.length === 0 ? "complete" : ""} ${finished ?? ""}`;
}

/** The result to show of each model, with its name. */
function selectBaseResults(
  read: readonly BaseResultWithFindings[],
): ReadonlyMap<string, { id: string; result: CellResult }> {
  const results = read.flatMap(({ key, id, result }) => (result === null ? [] : [{ key, id, result }]));
  const ranked = results.toSorted((a, b) => rankBaseResult(a.result).localeCompare(rankBaseResult(b.result), "en"));
  return new Map(ranked.map(({ key, id, result }) => [key, { id, result }]));
}

/**
 * Base scores of every family that has some: those of an evaluation here (if there are several, one without failures,
 * and of these the one published last), otherwise the paper's.
 */
export function readBaseScores(stacks: readonly StackBases[], published: PublishedNumbers): BaseScoresWithFindings {
  const read = stacks.flatMap((stack) => readStackBases(stack, published));
  const own = selectBaseResults(read);
  const bases = [...new Set<string>([...familyNames, ...read.map(({ key }) => key)])].flatMap((key) => {
    const result = own.get(key)?.result;
    const scores = result?.scores ?? published.bases.get(key);
    if (scores === undefined) return [];
    const index = indexScores(scores);
    const base: BaseScores =
      result === undefined ? { origin: "published", scores: index } : { origin: "own", result, scores: index };
    return [[key, base] as const];
  });
  const gaps = [...own.values()].flatMap(({ id, result }) => describeIncompleteUnits(id, result));
  return { bases: new Map(bases), findings: [...read.flatMap(({ findings }) => findings), ...gaps] };
}
