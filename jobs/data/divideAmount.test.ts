import * as fc from "fast-check";
import { divideAmount, flattenWeights } from "./divideAmount.ts";

const amounts = fc.integer({ min: 0, max: 1e13 });
const weights = fc.array(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 40 });

function sumNumbers(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

describe("a divided amount", () => {
  it("adds up exactly, in whole parts that are not negative", () => {
    fc.assert(
      fc.property(amounts, weights, (amount, all) => {
        const parts = divideAmount(amount, all);
        expect(sumNumbers(parts)).toBe(amount);
        expect(parts.every((part) => Number.isInteger(part) && part >= 0)).toBe(true);
      }),
    );
  });

  it("differs by less than one from the exact proportion", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), weights, (amount, all) => {
        const total = sumNumbers(all);
        divideAmount(amount, all).forEach((part, index) =>
          expect(Math.abs(part - (amount * (all[index] ?? 0)) / total)).toBeLessThanOrEqual(1),
        );
      }),
    );
  });

  it("gives a larger weight no smaller part", () => {
    fc.assert(
      fc.property(amounts, weights, (amount, all) => {
        const sorted = all.toSorted((a, b) => a - b);
        const parts = divideAmount(amount, sorted);
        parts.slice(1).forEach((part, index) => {
          if ((sorted[index + 1] ?? 0) > (sorted[index] ?? 0)) expect(part).toBeGreaterThanOrEqual(parts[index] ?? 0);
        });
      }),
    );
  });

  it("gives the larger of two weights that are almost alike what is left over", () => {
    const [smaller, , larger] = divideAmount(5165003742790, [999999999999.9979, 0.25811767578125, 999999999999.998]);
    expect([smaller, larger]).toEqual([2582501871394, 2582501871395]);
  });

  it("has only empty parts without any weight", () => {
    expect(divideAmount(10, [0, 0])).toEqual([0, 0]);
  });

  it("does not depend on the scale of the weights", () => {
    expect(divideAmount(100, [1, 2])).toEqual([33, 67]);
    expect(divideAmount(100, [0.5, 1])).toEqual([33, 67]);
  });
});

describe("a temperature", () => {
  it("of 1 keeps the weights", () => {
    expect(flattenWeights([1, 100], 1)).toEqual([1, 100]);
  });

  it("brings the parts of languages closer together without changing their order", () => {
    const temperatures = fc.double({ min: 1, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), temperatures, (a, b, high) => {
        const [first = 0, second = 0] = flattenWeights([Math.min(a, b), Math.max(a, b)], high);
        expect(second / first).toBeLessThanOrEqual((Math.max(a, b) / Math.min(a, b)) * (1 + 1e-9));
        expect(second).toBeGreaterThanOrEqual(first);
      }),
    );
  });
});
