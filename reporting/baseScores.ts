import { buildBaseModelNames, familyNames } from "../jobs/matrix/index.ts";
import type { Family, Matrix } from "../jobs/matrix/index.ts";
import type { ExpectedCell } from "./expectedCell.ts";
import type { PublishedNumbers } from "./published/publishedNumbers.ts";
import { readRunResult } from "./scoresConfigMap.ts";
import type { ResultWithFindings } from "./scoresConfigMap.ts";
import { indexScores } from "./scoreIndex.ts";
import type { ScoreIndex } from "./scoreIndex.ts";
import type { CellResult, ScoresConfigMap } from "./scoresConfigMap.ts";

/** The scores of a family's model before any training: evaluated here, or taken from the paper because it was not. */
export type BaseScores = { readonly scores: ScoreIndex } & (
  { readonly origin: "own"; readonly result: CellResult } | { readonly origin: "published" }
);

/** Base models by `modelKey`. */
export type BaseScoresByModel = ReadonlyMap<string, BaseScores>;

export interface BaseScoresWithFindings {
  readonly bases: BaseScoresByModel;
  readonly findings: readonly string[];
}

/** What tells models apart: the family's name in the study; of an added family the repository, for two stacks may give one name to two models. */
export function buildModelKey({ name, base }: Family): string {
  return familyNames.some((studied) => studied === name) ? name : (base?.repository ?? name);
}

/** The family of a stack whose base model has this id, such as `L3-base`. */
export function findFamilyByBase({ families }: Matrix, id: string): Family | undefined {
  return Object.values(families).find((family) => buildBaseModelNames(family).id === id);
}

/** What the reader must know of a base model that is expected and has no scores. */
function describeMissingBase({ id, run }: ExpectedCell, family: Family, published: PublishedNumbers): string {
  const instead = published.bases.has(buildModelKey(family))
    ? "the paper's stand in for them"
    : "no change against it is shown";
  return `The base model ${id} has no scores yet (run ${run}): ${instead}.`;
}

interface BaseResultWithFindings extends ResultWithFindings {
  readonly key: string;
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
        result,
        findings:
          result === null && findings.length === 0 ? [describeMissingBase(expected, family, published)] : findings,
      },
    ];
  });
}

function getPublicationDate({ result }: BaseResultWithFindings): string {
  return result?.finished ?? "";
}

/** The base of every family that has one: our own evaluation first, of several the one published last; the paper's else. */
export function readBaseScores(stacks: readonly StackBases[], published: PublishedNumbers): BaseScoresWithFindings {
  const read = stacks.flatMap((stack) => readStackBases(stack, published));
  const own = new Map(
    read
      .toSorted((a, b) => getPublicationDate(a).localeCompare(getPublicationDate(b)))
      .flatMap(({ key, result }): [string, BaseScores][] =>
        result === null ? [] : [[key, { origin: "own", result, scores: indexScores(result.scores) }]],
      ),
  );
  const bases = [...new Set<string>([...familyNames, ...read.map(({ key }) => key)])].flatMap((key) => {
    const scores = published.bases.get(key);
    const base: BaseScores | undefined =
      own.get(key) ?? (scores && { origin: "published", scores: indexScores(scores) });
    return base === undefined ? [] : [[key, base] as const];
  });
  return { bases: new Map(bases), findings: read.flatMap(({ findings }) => findings) };
}
