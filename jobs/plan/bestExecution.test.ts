import { findBestExecution } from "./bestExecution.ts";
import { planFamilyCells } from "./familyCells.fixture.ts";

const oneCell = { "mixcpt:axes": { data: ["Bi"], categories: ["Stag"] } };

function planCells(values: Record<string, unknown> = {}) {
  return planFamilyCells("llama-3.1", { ...oneCell, ...values }).cells;
}

function sumSlowHours(values: Record<string, unknown> = {}) {
  return planCells(values).reduce((sum, { estimate }) => sum + estimate.gpuHours.high, 0);
}

describe("the best execution", () => {
  it.each([1, 4])("saves what a plan with it shows, on %d nodes per cell", (nodesPerCell) => {
    const hardware = { "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8, nodesPerCell } };
    const checkpoints = { "mixcpt:checkpoints": { evaluate: ["last"] } };
    const values = { ...hardware, ...checkpoints };
    const best = findBestExecution(planCells(values));
    if (best === undefined) throw new Error("no execution saves anything");
    const { savedShare, ...execution } = best;
    const hours = sumSlowHours({ ...values, "mixcpt:execution": execution });
    expect(1 - hours / sumSlowHours(values)).toBeCloseTo(savedShare, 9);
    expect(planCells({ ...values, "mixcpt:execution": execution }).every(({ estimate }) => estimate.fits)).toBe(true);
  });

  it("does not exist for a stack that has it already", () => {
    const best = findBestExecution(planCells());
    const execution = { microBatch: best?.microBatch, zero: best?.zero };
    expect(findBestExecution(planCells({ "mixcpt:execution": execution }))).toBeUndefined();
  });

  it("does not exist for a stack without cells, or without DeepSpeed", () => {
    expect(findBestExecution([])).toBeUndefined();
    const miniature = { "mixcpt:family": "tiny", "mixcpt:protocol": "miniature" };
    expect(findBestExecution(planFamilyCells("tiny", miniature).cells)).toBeUndefined();
  });
});
