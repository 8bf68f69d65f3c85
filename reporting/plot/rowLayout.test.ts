import { computePlotLeft } from "./rowLayout.ts";

function computeLeftForLabels(...labels: string[]): number {
  return computePlotLeft(labels, { least: 100, gap: 8 });
}

it("plots begin where the study's longest label ends, and further right only for longer ones", () => {
  expect([
    computeLeftForLabels(),
    computeLeftForLabels("V7-Mono+Code"),
    computeLeftForLabels("V7-Mono", "Q25-Mono+Bi-and-more"),
  ]).toEqual([100, 100, 134]);
});

it("labels never take more than they leave", () => {
  expect(computeLeftForLabels("x".repeat(200))).toBe(190);
});
