import { buildMeanDraw } from "./levelSampling.ts";
import type { Score } from "./scoresConfigMap.ts";
import { computeInterval95, drawPositions, runLevelBootstrap } from "./statistics/bootstrap.ts";
import type { LevelSources } from "./statistics/bootstrap.ts";
import { computeMean } from "./statistics/mean.ts";
import { referenceLevels } from "./statistics/reference.fixture.ts";

function makeScore(value: number, items: number | null): Score {
  const metric = items === null ? "bleu" : "accuracy";
  return {
    benchmark: "any",
    language: "any",
    direction: null,
    metric,
    value,
    items: items ?? 1,
    signature: null,
    file: "any",
  };
}

/** The draw of one side of a pair, whose values are lists of languages for each run. */
function buildSideDraw(runs: readonly (readonly number[])[], items: number | null) {
  const draw = buildMeanDraw(
    (runs[0] ?? []).map((_, language) => runs.map((run) => makeScore(run[language] ?? 0, items))),
  );
  return (languages: readonly number[], { seeds, items: random }: LevelSources): number =>
    draw({ languages, runs: drawPositions(runs.length, seeds) }, random);
}

describe("a hierarchical bootstrap", () => {
  it.each(referenceLevels.intervals)("has the interval of an independent program with $items items", (expected) => {
    const pairs = referenceLevels.pairs.map((pair) => ({
      category: pair.category,
      without: buildSideDraw(pair.without, expected.items),
      with: buildSideDraw(pair.with, expected.items),
    }));
    const found = computeInterval95(
      runLevelBootstrap("reference", (random) => {
        const languages = [5, 4].map((count) => drawPositions(count, random.languages));
        const drawn = drawPositions(pairs.length, random.pairs).flatMap((position) => pairs[position] ?? []);
        return computeMean(
          drawn.map((pair) => {
            const chosen = languages[pair.category] ?? [];
            return pair.with(chosen, random) - pair.without(chosen, random);
          }),
        );
      }),
    );
    expect(Math.abs((found?.low ?? 0) - expected.low)).toBeLessThan(0.35);
    expect(Math.abs((found?.high ?? 0) - expected.high)).toBeLessThan(0.35);
  });

  it("draws the same items for all runs of a language, so that more runs do not make up for few items", () => {
    const computeSpread = (runs: number): number => {
      const draw = buildSideDraw(Array<number[]>(runs).fill([40]), 100);
      const interval = computeInterval95(runLevelBootstrap("runs", (random) => draw([0], random)));
      return (interval?.high ?? 0) - (interval?.low ?? 0);
    };
    expect(computeSpread(5)).toBeCloseTo(computeSpread(1), 9);
  });
});
