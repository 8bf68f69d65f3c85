import fc from "fast-check";
import { buildBinomialQuantile } from "./binomial.ts";
import {
  computeInterval95,
  createRandomSource,
  drawWithReplacement,
  resampleCount,
  runBootstrap,
} from "./bootstrap.ts";
import { computeChangePct, computeMean } from "./mean.ts";

const scores = fc.array(
  fc.tuple(fc.double({ min: 1, max: 100, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true })),
  { minLength: 1, maxLength: 14 },
);

function computeTestChange(pairs: readonly (readonly [number, number])[]): number | null {
  return computeChangePct(
    pairs.map(([before]) => before),
    pairs.map(([, after]) => after),
  );
}

function computeTestInterval(pairs: readonly (readonly [number, number])[], seed: string) {
  return computeInterval95(runBootstrap(seed, (random) => computeTestChange(drawWithReplacement(pairs, random))));
}

describe("computeChangePct", () => {
  it("compares means, not single languages", () => {
    expect(computeChangePct([10, 30], [20, 30])).toBeCloseTo(25, 12);
  });

  it("is null if there is nothing to compare with", () => {
    expect([computeChangePct([], []), computeChangePct([0, 0], [1, 2]), computeMean([])]).toEqual([null, null, null]);
  });
});

describe("the bootstrap", () => {
  it("gives an interval that contains the change of the means", () => {
    fc.assert(
      fc.property(scores, fc.string(), (pairs, seed) => {
        const change = computeTestChange(pairs) as number;
        const interval = computeTestInterval(pairs, seed);
        expect(interval?.low).toBeLessThanOrEqual(change + 1e-9);
        expect(interval?.high).toBeGreaterThanOrEqual(change - 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same interval for the same seed, and other numbers for another seed", () => {
    const pairs = [
      [20, 30],
      [25, 18],
      [40, 44],
      [31, 60],
    ] as const;
    expect(computeTestInterval(pairs, "L3-Bi-Alt")).toEqual(computeTestInterval(pairs, "L3-Bi-Alt"));
    expect(runBootstrap("a", (random) => random())).not.toEqual(runBootstrap("b", (random) => random()));
  });

  it("gives an interval without width for one language", () => {
    expect(computeTestInterval([[20, 30]], "any")).toEqual({ low: expect.closeTo(50, 9), high: expect.closeTo(50, 9) });
  });

  it("covers the true mean about 19 times out of 20", () => {
    const random = createRandomSource("coverage");
    const covered = Array.from({ length: 80 }, (_, round) => {
      const sample = Array.from({ length: 20 }, () => 10 + 80 * random());
      const interval = computeInterval95(
        runBootstrap(`round ${round}`, (draw) => computeMean(drawWithReplacement(sample, draw))),
      );
      return interval !== null && interval.low <= 50 && 50 <= interval.high;
    });
    const share = covered.filter(Boolean).length / covered.length;
    expect(share).toBeGreaterThan(0.88);
    expect(share).toBeLessThan(0.99);
  });
});

describe("createRandomSource", () => {
  it("is uniform: every tenth of the interval gets a tenth of the numbers", () => {
    const random = createRandomSource("");
    const counts = Array<number>(10).fill(0);
    for (let index = 0; index < 20000; index += 1) {
      const tenth = Math.floor(random() * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(1850);
    expect(Math.max(...counts)).toBeLessThan(2150);
  });
});

describe("buildBinomialQuantile", () => {
  it("has the mean and the variance of the distribution, for few items and for many", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (items, rate) => {
          const computeQuantile = buildBinomialQuantile(items, rate);
          const values = runBootstrap(`${items} ${rate}`, (random) => computeQuantile(random()));
          const deviation = Math.sqrt(items * rate * (1 - rate));
          const average = computeMean(values) as number;
          const spread = Math.sqrt(computeMean(values.map((value) => (value - average) ** 2)) as number);
          expect(Math.abs(average - items * rate)).toBeLessThan((6 * deviation) / Math.sqrt(resampleCount) + 1e-9);
          expect(spread).toBeLessThan(deviation * 1.25 + 0.1);
          expect(spread).toBeGreaterThan(deviation * 0.75 - 0.1);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("always returns all items for a rate of 1, and none for a rate of 0", () => {
    const random = createRandomSource("ends");
    expect([buildBinomialQuantile(204, 1)(random()), buildBinomialQuantile(204, 0)(random())]).toEqual([204, 0]);
  });
});
