import { gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import type { FamilyConfig } from "../config/index.ts";
import { buildCell } from "../matrix/index.ts";
import { computeNodeMemoryGiB } from "./nodeMemory.ts";
import { tinyConfig, tinyInput } from "./run.fixture.ts";
import { buildRun } from "./run.ts";
import { buildTrainJob } from "./trainJob.ts";

function buildStudyRun(family: string, nodesPerCell = 1) {
  const config: FamilyConfig = {
    ...tinyConfig,
    stack: family,
    family,
    protocol: "uniform",
    hardware: { gpu: "MI250X", nodesPerCell, devicesPerNode: 8 },
  };
  const run = buildRun({
    ...tinyInput,
    cell: buildCell({ family, data: "Bi", category: "Alt" }),
    config,
    cluster: gpuCluster,
  });
  return { run, config };
}

describe("the memory that a training requests from its node", () => {
  it.each(["llama-2", "llama-3.1", "viking"])(
    "has room for the whole optimizer of %s, which a resumed run reads before it moves it to the devices",
    (family) => {
      const { run } = buildStudyRun(family);
      const optimizerGiB = (12 * run.cell.parts.family.shape.parameters) / 2 ** 30;
      expect(computeNodeMemoryGiB(run)).toBeGreaterThan(optimizerGiB + 8 * 4);
      expect(computeNodeMemoryGiB(run)).toBeLessThan(256); // half of a LUMI-G node
    },
  );

  it("shrinks with more nodes if ZeRO divides the optimizer, and holds one per process without ZeRO", () => {
    const { run } = buildStudyRun("llama-3.1");
    const { deepspeed, ...withoutZero } = run.recipe as typeof run.recipe & { deepspeed: unknown };
    expect(deepspeed).toBeDefined();
    expect(computeNodeMemoryGiB(buildStudyRun("llama-3.1", 2).run)).toBeLessThan(computeNodeMemoryGiB(run));
    expect(computeNodeMemoryGiB({ ...run, recipe: withoutZero as typeof run.recipe })).toBeGreaterThan(8 * 89);
  });

  it("includes what /dev/shm has beyond the default, as the TrainJob requests it", () => {
    const { run, config } = buildStudyRun("llama-3.1");
    expect(computeNodeMemoryGiB(run, "200Gi")).toBe(computeNodeMemoryGiB(run) + 184);
    expect(computeNodeMemoryGiB(run, "512Mi")).toBe(computeNodeMemoryGiB(run));
    const cluster = { ...gpuCluster, pods: { training: { sharedMemory: "200Gi" } } };
    const { limits } = buildTrainJob(run, { config, cluster, priority: "train-1" }).spec.trainer.resourcesPerNode;
    expect(limits?.["memory"]).toBe(`${String(computeNodeMemoryGiB(run, "200Gi"))}Gi`);
  });

  it("is both the request and the limit of the pod", () => {
    const { run, config } = buildStudyRun("llama-3.1");
    const { requests, limits } = buildTrainJob(run, { config, cluster: gpuCluster, priority: "train-1" }).spec.trainer
      .resourcesPerNode;
    expect([requests?.["memory"], limits?.["memory"]]).toEqual(Array(2).fill(`${String(computeNodeMemoryGiB(run))}Gi`));
  });
});
