import { buildCellFacts, estimateTraining } from "../estimate/index.ts";
import { gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { getStackFamily } from "../config/index.ts";
import { computeLowerBoundHours, scheduleTasks } from "../schedule/schedule.ts";
import { buildProvisionalExperiment, buildTrainingTask, estimateBaseNodeHours, parseFamilyConfig } from "./index.ts";

/** Builds the tasks of a stack of Viking on four nodes, in the order of submission. */
function buildTasks(more: Record<string, unknown> = {}) {
  const values = {
    "mixcpt:family": "viking",
    "mixcpt:protocol": "as-published",
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
    ...more,
  };
  const config = parseFamilyConfig({ stack: "viking", file: "Pulumi.viking.yaml", values });
  const { cells, bases } = buildProvisionalExperiment(config, {
    ...gpuCluster,
    hardware: { ...gpuCluster.hardware, nodes: 4 },
  });
  const { parameters } = getStackFamily(config).shape;
  const tasks = cells.map((cell) => {
    const facts = buildCellFacts(cell, config);
    return buildTrainingTask(facts, estimateTraining(facts));
  });
  return {
    tasks,
    baseHours: bases.map(({ evaluation }) => estimateBaseNodeHours(evaluation, parameters, config.hardware)),
  };
}

describe("the schedule's view of a cell", () => {
  it("has only the evaluation of the last checkpoint after the training", () => {
    const axes = { data: ["Mono"], categories: ["Alt"] };
    const [one, four] = [[4000], [1000, 2000, 3000, 4000]].flatMap(
      (evaluate) => buildTasks({ "mixcpt:axes": axes, "mixcpt:checkpoints": { evaluate } }).tasks,
    );
    expect(one?.earlierCheckpoints).toEqual([]);
    expect(four?.evaluationHours).toBe(one?.evaluationHours);
    expect(four?.earlierCheckpoints?.map((hours) => hours / four.hours)).toEqual([0.25, 0.5, 0.75]);
  });
});

it("the order of submission leaves room for the base model's evaluation", () => {
  const { tasks, baseHours } = buildTasks();
  expect(baseHours).toHaveLength(1);
  // 1.0088 if the order is searched without it
  expect(scheduleTasks(tasks, 4, baseHours).makespanHours / computeLowerBoundHours(tasks, 4, baseHours)).toBeLessThan(
    1.005,
  );
});
