import { families, familyNames, type FamilyName } from "../matrix/families.ts";
import type { Published } from "./published/published.ts";
import { indexScores, type ScoreIndex } from "./score.ts";
import { readScores, type ScoresConfigMap } from "./scores.ts";

/** The scores of a family's model before any training. */
export interface Base {
  /** Evaluated here, or taken from the paper because it was not. */
  readonly origin: "own" | "published";
  readonly scores: ScoreIndex;
}

/** Id of a family's base model, where a cell's stands otherwise: `L3-base`. */
export const baseId = (family: FamilyName): string => `${families[family].prefix}-base`;

/** Scores that say that they are of an base model; of several the one published last. */
const ownBases = (configMaps: readonly ScoresConfigMap[]): Map<string, Base> => {
  const oldestFirst = [...configMaps].sort((a, b) => (a.created ?? "").localeCompare(b.created ?? ""));
  const read = oldestFirst.flatMap((configMap) => {
    const result = readScores(configMap);
    return result.ok ? [result.scores] : [];
  });
  return new Map(read.map(({ cell, scores }) => [cell, { origin: "own", scores: indexScores(scores) }]));
};

/** The base of every family that has one: our own evaluation first, the paper's else. */
export const findBases = (configMaps: readonly ScoresConfigMap[], published: Published): ReadonlyMap<FamilyName, Base> => {
  const own = ownBases(configMaps);
  return new Map(familyNames.flatMap((family) => {
    const scores = published.bases.get(family);
    const base: Base | undefined = own.get(baseId(family)) ?? (scores && { origin: "published", scores: indexScores(scores) });
    return base === undefined ? [] : [[family, base] as const];
  }));
};
