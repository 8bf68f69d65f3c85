import { formatMetricName } from "./scoreMeasure.ts";
import { indexScores, selectComparableScores } from "./scoreIndex.ts";
import type { Score } from "./scoresConfigMap.ts";

function buildHarnessScore(signature: string, value: number): Score {
  const unit = { benchmark: "belebele", language: "zul_Latn", direction: null, metric: "acc", items: 900, file: "x" };
  return { ...unit, signature, value };
}

describe("scores of lm-evaluation-harness", () => {
  const signature = "lm_eval:0.4.13|task:belebele_{language}|version:0.0|shots:3|seed:42|backend:transformers";
  const own = indexScores([buildHarnessScore(signature, 41)]);

  it.each([
    ["same", signature, 1],
    ["another version of the harness", signature.replace("0.4.13", "0.4.12"), 0],
    ["another version of the task", signature.replace("version:0.0", "version:1.0"), 0],
    ["other shots", signature.replace("shots:3", "shots:0"), 0],
  ])("are compared if they have the same signature: %s", (_, other, comparable) => {
    const reference = indexScores([buildHarnessScore(other, 30)]);
    expect(selectComparableScores(own, reference).size).toBe(comparable);
  });

  it("are shown in percent if the harness gives a share", () => {
    expect(["acc", "acc_norm", "exact_match,strict-match", "bleu,none", "brier"].map(formatMetricName)).toEqual([
      "acc (%)",
      "acc_norm (%)",
      "exact_match,strict-match (%)",
      "bleu,none",
      "brier",
    ]);
  });
});
