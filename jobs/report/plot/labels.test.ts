import { rightOfLabels } from "./labels.ts";

const at = (...labels: string[]): number => rightOfLabels(labels, { least: 100, gap: 8 });

it("plots begin where the study's longest label ends, and further right only for longer ones", () => {
  expect([at(), at("V7-Mono+Code"), at("V7-Mono", "Q25-Mono+Bi-and-more")]).toEqual([100, 100, 134]);
});

it("labels never take more than they leave", () => {
  expect(at("x".repeat(200))).toBe(190);
});
