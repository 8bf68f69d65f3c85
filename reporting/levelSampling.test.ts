import { buildMeanDraw } from "./levelSampling.ts";
import type { Score } from "./scoresConfigMap.ts";
import { computeInterval95, drawPositions, runLevelBootstrap } from "./statistics/bootstrap.ts";
import type { LevelSources } from "./statistics/bootstrap.ts";
import { computeMean } from "./statistics/mean.ts";
import { referenceLevels } from "./statistics/reference.fixture.ts";

function makeScore(value: number, items: number | null, metric = items === null ? "bleu" : "accuracy"): Score {
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

  it("draws items for the shares of right items of lm-evaluation-harness, too, but not for its F1", () => {
    const computeSpread = (metric: string): number => {
      const draw = buildMeanDraw([[makeScore(40, 100, metric)]]);
      const interval = computeInterval95(
        runLevelBootstrap("metric", ({ items }) => draw({ languages: [0], runs: [0] }, items)),
      );
      return (interval?.high ?? 0) - (interval?.low ?? 0);
    };
    expect(["acc", "acc,none", "acc_norm", "exact_match,strict-match", "f1"].map(computeSpread)).toEqual([
      ...Array<number>(4).fill(computeSpread("accuracy")),
      0,
    ]);
    expect(computeSpread("accuracy")).toBeGreaterThan(10);
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
