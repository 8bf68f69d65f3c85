import * as fc from "fast-check";
import type { FamilyConfig } from "../config/index.ts";
import { emulatedCluster, gpuCluster, upgradeTransformers } from "../kube/clusterOutputs.fixture.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { tinyConfig, tinyInput } from "./run.fixture.ts";
import type { RunInput } from "./run.ts";
import { formatCheckpointPath, buildRun } from "./run.ts";

const { cell } = tinyInput;
const run = buildRun(tinyInput);

function buildRunWithOverride(changes: Record<string, unknown>) {
  return buildRun({ ...tinyInput, config: { ...tinyConfig, overrides: { [cell.id]: changes } } });
}

describe("a run", () => {
  it("is named after its cell with a hash, and has a folder of that name", () => {
    expect(run.name).toMatch(/^tiny-bi-code-stag-[0-9a-f]{8}$/);
    expect(run.output).toBe(`/store/runs/${run.name}`);
  });

  it("evaluates its last checkpoint", () => {
    expect(run.checkpoints).toEqual({ evaluated: [60], stops: false, keepsWeights: false });
    expect(formatCheckpointPath(run, 60)).toBe(`${run.output}/checkpoint-60`);
  });

  it("has the same name whatever checkpoints are evaluated", () => {
    const config: FamilyConfig = {
      ...tinyConfig,
      checkpoints: { evaluate: [20, 40], stop: "evaluated", keep: "weights" },
    };
    const other = buildRun({ ...tinyInput, config });
    expect(other.name).toBe(run.name);
    expect(other.checkpoints).toEqual({ evaluated: [20, 40], stops: true, keepsWeights: true });
  });

  it("computes on the CPU if devices are emulated, and otherwise on GPUs in bf16", () => {
    expect(run.recipe).toMatchObject({ use_cpu: true, bf16: false });
    expect(buildRun({ ...tinyInput, cluster: gpuCluster }).recipe).toMatchObject({ use_cpu: false, bf16: true });
  });

  it("is one process on an emulated node and one per device on a real one", () => {
    expect(run.world).toEqual({ nodes: 1, processesPerNode: 1 });
    expect(buildRun({ ...tinyInput, cluster: gpuCluster }).world).toEqual({ nodes: 1, processesPerNode: 2 });
  });

  it("applies only the override of its cell", () => {
    const overrides = { [cell.id]: { seed: 7 }, "Tiny-Mono-Alt": { seed: 8 } };
    expect(buildRun({ ...tinyInput, config: { ...tinyConfig, overrides } }).recipe.seed).toBe(7);
  });
});

describe("the hash of a run", () => {
  const onCluster = (changes: Partial<ClusterOutputs>): RunInput => ({
    ...tinyInput,
    cluster: { ...emulatedCluster, ...changes },
  });
  const nodes: RunInput = {
    ...tinyInput,
    config: { ...tinyConfig, hardware: { ...tinyConfig.hardware, nodesPerCell: 2 } },
  };

  it.each([
    ["the corpus", { ...tinyInput, corpus: "/store/corpora/bi-code-stag-22222222" }],
    ["the model", { ...tinyInput, model: "/store/models/tiny-33333333" }],
    ["a package that trains", onCluster({ code: upgradeTransformers("train") })],
    ["the device, which is a GPU and not the CPU", onCluster({ hardware: gpuCluster.hardware })],
    ["the number of processes, and thereby the batch", nodes],
  ])("changes with %s", (_, input) => {
    expect(buildRun(input).name).not.toBe(run.name);
  });

  it("changes with every setting that affects the result", () => {
    const resultChanges = fc.oneof(
      fc.record({ learning_rate: fc.double({ min: 0.01, max: 1, noNaN: true }) }),
      fc.record({ seed: fc.integer({ min: 43, max: 9999 }) }),
      fc.record({ cutoff_len: fc.integer({ min: 257, max: 4096 }) }),
      fc.record({ preprocessing_num_workers: fc.integer({ min: 2, max: 16 }) }),
      fc.record({ max_steps: fc.integer({ min: 4, max: 99 }).map((n) => n * 20) }),
      fc.record({ per_device_train_batch_size: fc.integer({ min: 5, max: 64 }) }),
      fc.record({ warmup_ratio: fc.double({ min: 0.1, max: 1, noNaN: true }) }),
      fc.record({ lr_scheduler_type: fc.constantFrom("linear", "constant") }),
    );
    fc.assert(
      fc.property(resultChanges, (changes) => {
        expect(buildRunWithOverride(changes).name).not.toBe(run.name);
      }),
    );
  });

  it("does not depend on settings of execution", () => {
    const executionChanges = fc.record({
      logging_steps: fc.integer({ min: 1, max: 50 }),
      ddp_timeout: fc.integer({ min: 60, max: 3600 }),
      dataloader_num_workers: fc.integer({ min: 0, max: 16 }),
      disable_tqdm: fc.boolean(),
    });
    fc.assert(
      fc.property(executionChanges, (changes) => {
        expect(buildRunWithOverride(changes).name).toBe(run.name);
      }),
    );
  });

  it("does not depend on the name of the stack, on any image or on the code of other steps", () => {
    const images = {
      data: "data:other",
      llamaFactory: "llama-factory:other",
      evaluate: "evaluate:other",
      store: "store:other",
    };
    const other = onCluster({ images, code: upgradeTransformers("evaluate", "tokenise") });
    expect(buildRun({ ...other, config: { ...tinyConfig, stack: "other" } }).name).toBe(run.name);
  });
});
