import { trainingPresetNames } from "../../infra/trainingPresets.ts";
import { explainMissingPairs, selectPairs } from "./selectPairs.ts";

const nodes = ["a", "b", "c", "d"];

describe("the pairs to test", () => {
  it("are those of neighbors, or all with --all-pairs", () => {
    for (const pods of [{}, { training: { preset: "roce" } }]) {
      expect(selectPairs(nodes, { pods, allPairs: false })).toHaveLength(4);
      expect(selectPairs(nodes, { pods, allPairs: true })).toHaveLength(6);
      expect(explainMissingPairs(pods)).toEqual([]);
    }
  });

  it("are none where trainings use one node each, and preflight says so", () => {
    const pods = { training: { preset: trainingPresetNames[0] } };
    expect(pods.training.preset).toBe("single-node");
    for (const allPairs of [false, true]) expect(selectPairs(nodes, { pods, allPairs })).toEqual([]);
    expect(explainMissingPairs(pods)).toEqual([
      "tests no pairs: with training.preset single-node no training uses the network between nodes",
    ]);
  });
});
