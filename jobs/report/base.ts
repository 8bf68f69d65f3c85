import { baseModel, familyNames, type Family, type Matrix } from "../matrix/index.ts";
import type { ExpectedCell } from "./cell.ts";
import type { Published } from "./published/published.ts";
import { readResult, type ReadResult } from "./readResult.ts";
import { indexScores, type ScoreIndex } from "./score.ts";
import type { CellResult, ScoresConfigMap } from "./scores.ts";

/** The scores of a family's model before any training: evaluated here, or taken from the paper because it was not. */
export type Base = { readonly scores: ScoreIndex } & ({ readonly origin: "own"; readonly result: CellResult } | { readonly origin: "published" });

/** Base models by `modelKey`. */
export type Bases = ReadonlyMap<string, Base>;

export interface ReadBases {
  readonly bases: Bases;
  readonly findings: readonly string[];
}

/** What tells models apart: the family's name in the study; of an added family the repository, for two stacks may give one name to two models. */
export const modelKey = ({ name, base }: Family): string => (familyNames.some((studied) => studied === name) ? name : (base?.repository ?? name));

/** The family of a stack whose base model has this id, such as `L3-base`. */
export const familyOfBase = ({ families }: Matrix, id: string): Family | undefined => Object.values(families).find((family) => baseModel(family).id === id);

/** What the reader must know of a base model that is expected and has no scores. */
const missing = ({ id, run }: ExpectedCell, family: Family, published: Published): string => {
  const instead = published.bases.has(modelKey(family)) ? "the paper's stand in for them" : "no change against it is shown";
  return `The base model ${id} has no scores yet (run ${run}): ${instead}.`;
};

interface ReadBase extends ReadResult {
  readonly key: string;
}

interface Evaluated {
  readonly bases: readonly ExpectedCell[];
  readonly configMaps: readonly ScoresConfigMap[];
  readonly matrix: Matrix;
}

const readStackBases = ({ bases, configMaps, matrix }: Evaluated, published: Published): ReadBase[] =>
  bases.flatMap((expected) => {
    const family = familyOfBase(matrix, expected.id);
    if (family === undefined) return [];
    const { result, findings } = readResult(expected, configMaps);
    return [{ key: modelKey(family), result, findings: result === null && findings.length === 0 ? [missing(expected, family, published)] : findings }];
  });

const finishedOf = ({ result }: ReadBase): string => result?.finished ?? "";

/** The base of every family that has one: our own evaluation first, of several the one published last; the paper's else. */
export const readBases = (stacks: readonly Evaluated[], published: Published): ReadBases => {
  const read = stacks.flatMap((stack) => readStackBases(stack, published));
  const own = new Map(read.toSorted((a, b) => finishedOf(a).localeCompare(finishedOf(b))).flatMap(({ key, result }): [string, Base][] =>
    (result === null ? [] : [[key, { origin: "own", result, scores: indexScores(result.scores) }]])));
  const bases = [...new Set<string>([...familyNames, ...read.map(({ key }) => key)])].flatMap((key) => {
    const scores = published.bases.get(key);
    const base: Base | undefined = own.get(key) ?? (scores && { origin: "published", scores: indexScores(scores) });
    return base === undefined ? [] : [[key, base] as const];
  });
  return { bases: new Map(bases), findings: read.flatMap(({ findings }) => findings) };
};
