import { emulatedCluster } from "../kube/outputs.fixture.ts";
import { planRun } from "../train/run.ts";
import { tinyInput } from "../train/run.fixture.ts";
import { planEvaluation } from "./evaluation.ts";
import { miniatureEvaluation } from "./settings.ts";

const run = planRun(tinyInput);
const input = { run, benchmarks: "/store/benchmarks/44444444", cluster: emulatedCluster };
const evaluation = planEvaluation(input);

describe("an evaluation", () => {
  it("scores the last checkpoint of its run", () => {
    expect(evaluation.checkpoint).toBe(`${run.output}/checkpoint-60`);
  });

  it("keeps its scores in a folder of its own below its run's", () => {
    expect(evaluation.scores).toMatch(new RegExp(`^/store/scores/${run.name}/[0-9a-f]{8}$`));
    expect(evaluation.name).toBe(`eval-tiny-bi-code-stag-${evaluation.scores.slice(-8)}`);
  });

  it.each([
    ["the checkpoint", { ...input, run: { ...run, output: "/store/runs/other" } }],
    ["the benchmarks", { ...input, benchmarks: "/store/benchmarks/55555555" }],
    ["the evaluator", { ...input, cluster: { ...emulatedCluster, images: { ...emulatedCluster.images, evaluate: "other" } } }],
  ])("has another name with another input: %s", (_, other) => {
    expect(planEvaluation(other).name).not.toBe(evaluation.name);
  });
});

describe("the miniature evaluation", () => {
  const { sib200, flores200 } = miniatureEvaluation({ category: "Sel" });

  it("asks every language of the category that has a text", () => {
    expect(flores200.languages).toHaveLength(14);
    expect(flores200.languages).not.toContain("bak_Cyrl");
    expect(flores200.directions).toEqual(["xx-eng", "eng-xx"]);
  });

  it("classifies English, too, but does not translate it into itself", () => {
    expect(sib200.languages).toContain("eng_Latn");
    expect(flores200.languages).not.toContain("eng_Latn");
  });

  it("shows three examples, as the paper does", () => {
    expect([sib200.shots, flores200.shots]).toEqual([3, 3]);
  });
});
