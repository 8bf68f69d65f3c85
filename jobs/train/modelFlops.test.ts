import { gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { buildCell, families } from "../matrix/index.ts";
import { countFlopsPerToken, describeModelFlops } from "./modelFlops.ts";
import { tinyConfig, tinyInput } from "./run.fixture.ts";
import { buildRun } from "./run.ts";

describe("the FLOPs of a token", () => {
  it("are those of PaLM 540B in PaLM's appendix B, without attention and with it", () => {
    // 540.35e9 parameters, 118 layers, 48 heads of 256, 2,048 positions. It trained at 238.3 thousand tokens per second
    // on 6,144 TPU v4 of 275 TFLOPS: 45.7 % without attention, 46.2 % with it (section 4.1).
    const shape = { ...families["llama-2"].shape, parameters: 540.35e9, layers: 118, hidden: 48 * 256 };
    const utilize = (flops: number) => (238.3e3 * flops) / (6144 * 275e12);
    expect(utilize(countFlopsPerToken(shape, 0))).toBeCloseTo(0.457, 3);
    expect(utilize(countFlopsPerToken(shape, 2048))).toBeCloseTo(0.462, 3);
  });

  it("are 8 % more with the attention of a 7B model at 2,048 tokens, of which causal attention needs half", () => {
    const { shape } = families["llama-2"];
    expect(countFlopsPerToken(shape, 2048) / countFlopsPerToken(shape, 0)).toBeCloseTo(1.08, 2);
  });
});

describe("the facts of a training's utilization", () => {
  const config = { ...tinyConfig, hardware: { ...tinyConfig.hardware, nodesPerCell: 2 } };

  it("are the devices of all nodes, with the peak of one die of an MI250X", () => {
    const run = buildRun({ ...tinyInput, config, cluster: gpuCluster });
    expect(describeModelFlops(run, gpuCluster)).toEqual({
      perToken: countFlopsPerToken(run.cell.parts.family.shape, run.recipe.cutoff_len),
      devices: 4,
      peakPerDevice: 191.5e12,
    });
  });

  it("have the share of the peak that a partition of a card has", () => {
    const cluster = {
      ...gpuCluster,
      hardware: { ...gpuCluster.hardware, gpu: "MI300X" as const, partition: "CPX" as const },
    };
    const run = buildRun({ ...tinyInput, config, cluster });
    expect(describeModelFlops(run, cluster)?.peakPerDevice).toBeCloseTo(1307e12 / 8, -9);
  });

  it("are missing where GPUs are emulated, and for another format than bf16", () => {
    const emulated = buildRun(tinyInput);
    expect(describeModelFlops(emulated, tinyInput.cluster)).toBeUndefined();
    const run = buildRun({ ...tinyInput, cell: buildCell({ family: "tiny", data: "Mono", category: "Alt" }), config });
    expect(describeModelFlops({ ...run, recipe: { ...run.recipe, bf16: false } }, gpuCluster)).toBeUndefined();
  });
});
