import { buildCurveAxes, hasFallingEnd, renderCurvePanel } from "./curvePlot.ts";
import type { CurvePoint } from "./curvePlot.ts";

const falling: readonly CurvePoint[] = [
  [0, 10],
  [200, 100],
];
const rising: readonly CurvePoint[] = [
  [0, 100],
  [200, 10],
];

function renderSample(points: readonly CurvePoint[], hasDots: boolean): string {
  const text = { id: "loss", title: "Loss", description: "Loss of a cell." };
  return renderCurvePanel("A cell", { ...text, axes: buildCurveAxes([points]), points, backdrop: "all", hasDots })
    .markup;
}

describe("the end of a curve", () => {
  it("falls if the line comes from above, where coordinates in the picture are smaller", () => {
    expect(hasFallingEnd(falling)).toBe(true);
    expect(hasFallingEnd(rising)).toBe(false);
  });

  it("falls if the line over the width of the label is higher on average, whatever its last step does", () => {
    const lastSteps: readonly CurvePoint[] = [
      [190, 30],
      [199, 61],
      [200, 60],
    ];
    expect(hasFallingEnd([[0, 100], ...lastSteps])).toBe(true);
    expect(hasFallingEnd([[0, 10], ...lastSteps.map(([x, y]): CurvePoint => [x, 120 - y])])).toBe(false);
  });

  it("does not fall without another point", () => {
    expect(hasFallingEnd([])).toBe(false);
    expect(hasFallingEnd(falling.slice(1))).toBe(false);
  });
});

describe("the picture of a curve", () => {
  it("has its last value under the last point if the curve falls to it, and over it otherwise", () => {
    expect(renderSample(rising, false)).toMatch(/cy="124" r="3".*y="140">10\.00</);
    expect(renderSample(falling, false)).toMatch(/cy="10" r="3".*y="2">100\.00</);
  });

  it("has a dot at each point only if it should", () => {
    const points: readonly CurvePoint[] = [...falling, [300, 50]];
    expect(renderSample(points, true).match(/<circle/g)).toHaveLength(3);
    expect(renderSample(points, false).match(/<circle/g)).toHaveLength(1);
  });
});
