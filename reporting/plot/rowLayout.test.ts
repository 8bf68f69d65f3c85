import { computePlotLeft } from "./rowLayout.ts";

function computeLeftForLabels(...labels: string[]): number {
  return computePlotLeft(labels, { minimum: 100, gap: 8 });
}

it("starts plots where the study's longest label ends, and further right only for longer labels", () => {
  expect([
    computeLeftForLabels(),
    computeLeftForLabels("V7-Mono+Code"),
    computeLeftForLabels("V7-Mono", "Q25-Mono+Bi-and-more"),
  ]).toEqual([100, 100, 134]);
});

it("limits the width of the labels", () => {
  expect(computeLeftForLabels("x".repeat(200))).toBe(190);
});
