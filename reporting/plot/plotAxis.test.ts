import fc from "fast-check";
import { buildPlotAxis, buildLinearScale } from "./plotAxis.ts";

const values = fc.array(
  fc.double({ min: -1e4, max: 1e4, noNaN: true }).map((value) => Math.round(value * 1e3) / 1e3),
  { minLength: 1, maxLength: 20 },
);

describe("buildPlotAxis", () => {
  it("covers every value with a bounded number of evenly spaced ticks", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 6 }), (sample, count) => {
        const { domain, ticks } = buildPlotAxis(sample, { count });
        expect(domain[0]).toBeLessThanOrEqual(Math.min(...sample) + 1e-6);
        expect(domain[1]).toBeGreaterThanOrEqual(Math.max(...sample) - 1e-6);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(count + 2);
        expect(new Set(ticks.map(({ text }) => text)).size).toBe(ticks.length);
      }),
    );
  });

  it("has round ticks", () => {
    expect(buildPlotAxis([3.2, 37], { count: 4, cover: [0] }).ticks.map(({ text }) => text)).toEqual([
      "0",
      "10",
      "20",
      "30",
      "40",
    ]);
    expect(buildPlotAxis([5.42, 7.9], { count: 3 }).ticks.map(({ text }) => text)).toEqual(["5", "6", "7", "8"]);
    expect(buildPlotAxis([0.02, 0.11], { count: 3, cover: [0] }).ticks.map(({ text }) => text)).toEqual([
      "0.00",
      "0.05",
      "0.10",
      "0.15",
    ]);
  });

  it("builds an axis for no values and for a single one", () => {
    expect(buildPlotAxis([], { count: 2 }).domain).toEqual([0, 1]);
    expect(buildPlotAxis([0], { count: 2, cover: [0] }).domain).toEqual([0, 1]);
  });
});

it("buildLinearScale maps the ends of the domain to the ends of the range", () => {
  const scale = buildLinearScale([10, 20], [0, 100]);
  expect([scale(10), scale(15), scale(20)]).toEqual([0, 50, 100]);
  expect(buildLinearScale([1, 1], [0, 10])(1)).toBe(5);
});
