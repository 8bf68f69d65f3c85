import { gpuCluster } from "../kube/outputs.fixture.ts";
import type { StackConfig } from "../matrix/index.ts";
import { cellAt } from "../matrix/index.ts";
import { nodeMemoryGiB } from "./nodeMemory.ts";
import { tinyConfig, tinyInput } from "./run.fixture.ts";
import { planRun } from "./run.ts";
import { trainJob } from "./trainJob.ts";

const studied = (family: string, nodesPerCell = 1) => {
  const config: StackConfig = { ...tinyConfig, stack: family, family, protocol: "uniform", hardware: { gpu: "MI250X", nodesPerCell, devicesPerNode: 8 } };
  const run = planRun({ ...tinyInput, cell: cellAt({ family, data: "Bi", category: "Alt" }), config, cluster: gpuCluster });
  return { run, config };
};

describe("the memory that a training asks of its node", () => {
  it.each(["llama-2", "llama-3.1", "viking"])("holds the optimizer of %s, which a resumed run reads whole before it goes to the devices", (family) => {
    const { run } = studied(family);
    const optimizerGiB = (12 * run.cell.parts.family.shape.parameters) / 2 ** 30;
    expect(nodeMemoryGiB(run)).toBeGreaterThan(optimizerGiB + 8 * 4);
    expect(nodeMemoryGiB(run)).toBeLessThan(256); // half of a LUMI-G node
  });

  it("is shared out where ZeRO shares the optimizer, and is not where every process has all of it", () => {
    const { run } = studied("llama-3.1");
    const { deepspeed, ...alone } = run.recipe as typeof run.recipe & { deepspeed: unknown };
    expect(deepspeed).toBeDefined();
    expect(nodeMemoryGiB(studied("llama-3.1", 2).run)).toBeLessThan(nodeMemoryGiB(run));
    expect(nodeMemoryGiB({ ...run, recipe: alone as typeof run.recipe })).toBeGreaterThan(8 * 89);
  });

  it("is what the pod asks for and may use", () => {
    const { run, config } = studied("llama-3.1");
    const { requests, limits } = trainJob(run, { config, cluster: gpuCluster, priority: "mixcpt-train-1" }).spec.trainer.resourcesPerNode;
    expect([requests?.["memory"], limits?.["memory"]]).toEqual(Array(2).fill(`${String(nodeMemoryGiB(run))}Gi`));
  });
});
