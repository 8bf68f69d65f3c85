/** Compares the tables of docs/plan.md about steps with the program. */
import { readFileSync } from "node:fs";
import { buildCellFacts, estimateStepTime } from "../../jobs/estimate/index.ts";
import { estimateDeviceMemory } from "../../jobs/estimate/deviceMemory.ts";
import { llama31Shape } from "../../jobs/estimate/modelShapes.fixture.ts";
import { buildProvisionalExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import type { NetworkSettings } from "../../jobs/hardware/network.ts";
import { resolveNetworkRates } from "../../jobs/hardware/network.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildCellPlan } from "../../jobs/plan/index.ts";
import { formatBand, formatThreeDigits } from "./formatNumbers.ts";

const page = readFileSync("docs/plan.md", "utf8");

interface StepPlan {
  readonly nodes: number;
  readonly microBatch: number;
  readonly network?: NetworkSettings;
}

/** Plans a cell of Llama 3.1 8B and returns the columns of a micro-step. */
function planMicroStep({ nodes, microBatch, network }: StepPlan): string {
  const values = {
    "mixcpt:family": "llama-3.1",
    "mixcpt:protocol": "as-published",
    "mixcpt:axes": { data: ["Bi"], categories: ["Stag"] },
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8, nodesPerCell: nodes },
    "mixcpt:checkpoints": { evaluate: ["last"] },
    "mixcpt:execution": { microBatch },
  };
  const config = parseFamilyConfig({ stack: "llama-3.1", file: "docs/plan.md", values });
  const [cell] = buildProvisionalExperiment(config, gpuCluster).cells;
  if (cell === undefined) throw new Error("the example is not in the matrix");
  const { accumulation, estimate } = buildCellPlan(buildCellFacts(cell, { ...config, network }));
  const { compute, communication, utilization, boundBy } = estimate.step;
  const seconds = { low: compute.low / accumulation, high: compute.high / accumulation };
  const percent = { low: 100 * utilization.low, high: 100 * utilization.high };
  return [formatBand(seconds), formatThreeDigits(communication / accumulation), formatBand(percent), boundBy].join(
    " | ",
  );
}

const roce = { preset: "roce-100g" } as const;
const tcp = { preset: "tcp-25g" } as const;

it("the table of steps in docs/plan.md has the figures of the plan", () => {
  const [, table = ""] = /\| arithmetic of a micro-step \|.*\n.*\n((?:\|.*\n)+)/.exec(page) ?? [];
  const rows = table
    .trim()
    .split("\n")
    .map((row) => row.split(" | ").slice(2).join(" | "));
  const plans: StepPlan[] = [2, 8].flatMap((microBatch) => [
    { nodes: 1, microBatch },
    { nodes: 4, microBatch, network: roce },
    { nodes: 4, microBatch, network: tcp },
  ]);
  expect(rows).toEqual(plans.map((plan) => `${planMicroStep(plan)} |`));
});

/** Estimates tokens per second and device of a step on eight nodes of eight MI325X, with one micro-step. */
function estimateTokenRate(parameters: number, { zero, microTokens }: { zero: 2 | 3; microTokens: number }): string {
  const hardware = { gpu: "MI325X", nodesPerCell: 8, devicesPerNode: 8 } as const;
  const { total } = estimateStepTime({
    parameters,
    tokensPerStep: 64 * microTokens,
    accumulation: 1,
    hardware,
    network: resolveNetworkRates({ preset: "roce-8x400g" }, hardware),
    sharding: { zero, overlaps: true },
  });
  const rate = { low: microTokens / total.high, high: microTokens / total.low };
  return formatBand(rate);
}

it("docs/plan.md puts the estimates of this project beside those of Primus", () => {
  expect(page).toContain(`| ${estimateTokenRate(8.03e9, { zero: 2, microTokens: 16_384 })} in bf16 with ZeRO-2 |`);
  expect(page).toContain(`| 1,066 | ${estimateTokenRate(70.6e9, { zero: 3, microTokens: 8192 })} |`);
  const step = { shape: llama31Shape, sequences: 8, sequenceLength: 1024, fusedAttention: true };
  const { total, logits } = estimateDeviceMemory({ ...step, shards: 8, zero: 2, bucketElements: 5e8 });
  const memory = `here ${(total / 1e9).toFixed(1)} GB with \`zero: 2\` and buckets of 5 · 10^8`;
  expect(page.replaceAll("\n", " ")).toContain(memory);
  expect(page.replaceAll("\n", " ")).toContain(`${(logits / 1e9).toFixed(1)} GB are logits`);
});
