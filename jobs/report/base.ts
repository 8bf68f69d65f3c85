import { families, familyNames, type FamilyName } from "../matrix/families.ts";
import { baseModel } from "../matrix/index.ts";
import type { ExpectedCell } from "./cell.ts";
import type { Published } from "./published/published.ts";
import { readResult, type ReadResult } from "./readResult.ts";
import { indexScores, type ScoreIndex } from "./score.ts";
import type { CellResult, ScoresConfigMap } from "./scores.ts";

/** The scores of a family's model before any training: evaluated here, or taken from the paper because it was not. */
export type Base = { readonly scores: ScoreIndex } & ({ readonly origin: "own"; readonly result: CellResult } | { readonly origin: "published" });

export interface ReadBases {
  readonly bases: ReadonlyMap<FamilyName, Base>;
  readonly findings: readonly string[];
}

/** Id of a family's base model: `L3-base`. */
export const baseId = (family: FamilyName): string => baseModel(families[family]).id;

/** What the reader must know of a base model that is expected and has no scores. */
const missing = ({ id, run }: ExpectedCell, published: Published): string => {
  const family = familyNames.find((name) => baseId(name) === id);
  const instead = family !== undefined && published.bases.has(family) ? "the paper's stand in for them" : "no change against it is shown";
  return `The base model ${id} has no scores yet (run ${run}): ${instead}.`;
};

const readBase = (expected: ExpectedCell, configMaps: readonly ScoresConfigMap[], published: Published): ReadResult => {
  const { result, findings } = readResult(expected, configMaps);
  return { result, findings: result === null && findings.length === 0 ? [missing(expected, published)] : findings };
};

interface Evaluated {
  readonly bases: readonly ExpectedCell[];
  readonly configMaps: readonly ScoresConfigMap[];
}

/** The base of every family that has one: our own evaluation first, of several the one published last; the paper's else. */
export const readBases = (stacks: readonly Evaluated[], published: Published): ReadBases => {
  const read = stacks.flatMap(({ bases, configMaps }) => bases.map((expected) => readBase(expected, configMaps, published)));
  const results = read.flatMap(({ result }) => result ?? []).sort((a, b) => (a.finished ?? "").localeCompare(b.finished ?? ""));
  const own = new Map(results.map((result): [string, Base] => [result.cell, { origin: "own", result, scores: indexScores(result.scores) }]));
  const bases = familyNames.flatMap((family) => {
    const scores = published.bases.get(family);
    const base: Base | undefined = own.get(baseId(family)) ?? (scores && { origin: "published", scores: indexScores(scores) });
    return base === undefined ? [] : [[family, base] as const];
  });
  return { bases: new Map(bases), findings: read.flatMap(({ findings }) => findings) };
};
