import { buildBinomialQuantile } from "./binomial.ts";
import { computeInterval95, createRandomSource, drawWithReplacement, runBootstrap } from "./bootstrap.ts";
import { computeFisherP } from "./fisherTest.ts";
import { adjustHolm } from "./holm.ts";
import { computeMean, computeStandardDeviation } from "./mean.ts";
import {
  referenceFlips,
  referenceHolm,
  referenceQuantiles,
  referenceSample,
  referenceTables,
} from "./reference.fixture.ts";
import { computeSignFlipP } from "./signFlipTest.ts";

describe("against SciPy and statsmodels", () => {
  it.each(referenceFlips)("the sign-flip test of $name has the same p-value", ({ differences, p }) => {
    expect(computeSignFlipP(differences, "any")).toBeCloseTo(p, 12);
  });

  it.each(referenceTables)("Fisher's exact test of $table has the same p-value", ({ table, p }) => {
    const [correct, wrong, otherCorrect, otherWrong] = table;
    const found = computeFisherP(
      { correct, items: correct + wrong },
      { correct: otherCorrect, items: otherCorrect + otherWrong },
    );
    expect(found / p).toBeCloseTo(1, 8);
  });

  it("Holm's method gives the same adjusted p-values", () => {
    adjustHolm(referenceHolm.raw).forEach((p, index) => {
      expect(p).toBeCloseTo(referenceHolm.adjusted[index] as number, 12);
    });
  });

  it.each(referenceQuantiles)("the binomial quantiles of $items items are the same", ({ items, rate, quantiles }) => {
    const computeQuantile = buildBinomialQuantile(items, rate);
    expect(quantiles.map(([probability]) => computeQuantile(probability))).toEqual(quantiles.map(([, count]) => count));
  });

  it("the percentile interval of a mean is the same, up to the number of resamples", () => {
    const { values, interval, deviation } = referenceSample;
    const found = computeInterval95(
      runBootstrap("reference", (random) => computeMean(drawWithReplacement(values, random))),
    );
    expect(Math.abs((found?.low ?? 0) - interval.low)).toBeLessThan(0.4);
    expect(Math.abs((found?.high ?? 0) - interval.high)).toBeLessThan(0.4);
    expect(computeStandardDeviation(values)).toBeCloseTo(deviation, 12);
  });
});

describe("the sign-flip test", () => {
  it("finds the same p-value with random signs as with all of them, nearly", () => {
    const random = createRandomSource("many differences");
    const few = Array.from({ length: 20 }, () => random() - 0.35);
    const exact = computeSignFlipP(few, "few");
    const approximate = computeSignFlipP([...few, 0], "few");
    expect(Math.abs(approximate - exact)).toBeLessThan(0.005);
  });

  it("cannot reach 5 % with five differences, but with six", () => {
    expect(computeSignFlipP([1, 2, 3, 4, 5], "five")).toBe(1 / 16);
    expect(computeSignFlipP([1, 2, 3, 4, 5, 6], "six")).toBe(1 / 32);
    expect([computeSignFlipP([], "none"), computeSignFlipP([0, 0], "zeros")]).toEqual([1, 1]);
  });
});

describe("Holm's method", () => {
  it("leaves out tests without a p-value", () => {
    expect(adjustHolm([0.01, null, 0.04])).toEqual([0.02, null, 0.04]);
  });
});
