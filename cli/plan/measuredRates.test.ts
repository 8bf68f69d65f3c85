import { buildCheck, buildResult } from "../../jobs/preflight/checkResults.fixture.ts";
import { buildPlanDocument } from "../../jobs/plan/index.ts";
import { formatKeptResults } from "../../jobs/preflight/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { MeasuredRates } from "../../jobs/hardware/clusterRates.ts";
import { parseStackConfig } from "../../jobs/experiment/index.ts";
import { fetchKubectlList } from "../kubernetes/kubectl.ts";
import { fetchMeasuredRates } from "./fetchMeasuredRates.ts";
import { buildPlanOnCluster } from "./planOnCluster.ts";
import { listRateLines } from "./rateLines.ts";

jest.mock("../engine/clusterKubeconfig.ts", () => ({ updateKubeconfig: () => Promise.resolve() }));
jest.mock("../kubernetes/kubectl.ts", () => ({ fetchKubectlList: jest.fn() }));
jest.mock("../../workspace/toolchain.ts", () => ({ listKnownPrograms: () => ({}) }));

const since = "2026-11-25T12:00:00.000Z";
const measured = { tflops: 140, inNodeGBs: 60, betweenNodesGBs: 9, storeWrites: [{ writers: 1, nodeMBs: 900 }], since };
const now = new Date("2026-11-28T13:00:00.000Z");

function buildConfig(nodesPerCell: number) {
  const values = {
    "mixcpt:family": "viking",
    "mixcpt:protocol": "as-published",
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8, nodesPerCell },
    "mixcpt:checkpoints": { evaluate: ["last"] },
  };
  return parseStackConfig({ stack: "viking", file: "Pulumi.viking.yaml", values });
}

function planViking(cluster: Partial<typeof gpuCluster.hardware>, nodesPerCell = 1, rates: MeasuredRates = measured) {
  const config = buildConfig(nodesPerCell);
  const outputs = { ...gpuCluster, hardware: { ...gpuCluster.hardware, ...cluster } };
  return {
    assumed: buildPlanOnCluster(config, outputs).plan,
    plan: buildPlanOnCluster(config, outputs, { measured: rates }).plan,
  };
}

describe("a plan with the measurements of preflight", () => {
  it("says which figures were measured, when, and what they replace", () => {
    const { assumed, plan } = planViking({});
    expect(listRateLines(plan.cells, now)).toEqual([
      "preflight measured 3 days ago: 60 GB/s in a node (instead of 37.5); 900 MB/s to the store (instead of 634); " +
        "140 TFLOPS of matrix products, so compute reaches at most 54.8 % of the peak",
    ]);
    expect(listRateLines(planViking({}, 2).plan.cells, now)[0]).toContain("9 GB/s between nodes (instead of 2.5)");
    expect(listRateLines(assumed.cells, now)).toEqual([]);
  });

  it("says how many nodes wrote to the store at once, and counts each node of a cell", () => {
    const together = { ...measured, storeWrites: [{ writers: 4, nodeMBs: 200 }] };
    const line = (nodesPerCell: number) => listRateLines(planViking({}, nodesPerCell, together).plan.cells, now)[0];
    expect(line(1)).toContain("; 200 MB/s to the store, or more, as 4 nodes wrote at once (instead of 634); ");
    expect(line(2)).toContain("; 400 MB/s to the store, or more, as 4 nodes wrote at once (instead of 634); ");
  });

  it("names the origin of each figure in JSON", () => {
    const { assumed, plan } = planViking({ network: { preset: "roce-100g", inNodeGBs: 50 } });
    const [document, other] = buildPlanDocument([plan, assumed]).stacks;
    expect(document?.rates).toEqual({
      inNodeGBs: { value: 50, from: "configured" },
      betweenNodesGBs: { value: 9, from: "measured", since },
      storeMBs: { value: 900, from: "measured", since },
      gemmTflops: { value: 140, from: "measured", since },
    });
    expect(other?.rates).toEqual({
      inNodeGBs: { value: 50, from: "configured" },
      betweenNodesGBs: { value: 11, from: "preset" },
      storeMBs: { value: 634.14, from: "assumed" },
    });
  });

  it("has other hours and the same order of submission", () => {
    const { assumed, plan } = planViking({}, 2);
    expect(plan.totals.gpuHours.high).toBeLessThan(assumed.totals.gpuHours.high);
    expect(plan.cells.map(({ run }) => run)).toEqual(assumed.cells.map(({ run }) => run));
  });

  it("does not use them if the cluster's devices are emulated", () => {
    const { assumed, plan } = planViking({ emulated: true });
    expect(plan.totals).toEqual(assumed.totals);
    expect(listRateLines(plan.cells, now)).toEqual([]);
  });
});

describe("the measurements of a cluster", () => {
  it("are those of the kept results", async () => {
    const data = formatKeptResults([buildResult(["a"], [buildCheck("gemm", { value: 140 })], { time: since })]);
    jest.mocked(fetchKubectlList).mockResolvedValue({ json: JSON.stringify({ items: [{ data }] }) });
    expect(await fetchMeasuredRates("lumi")).toEqual({ tflops: 140, since });
  });

  it("are unknown without results and without an answer", async () => {
    jest.mocked(fetchKubectlList).mockResolvedValue({ json: JSON.stringify({ items: [] }) });
    expect(await fetchMeasuredRates("lumi")).toBeUndefined();
    jest.mocked(fetchKubectlList).mockResolvedValue({ unavailable: "no response" });
    expect(await fetchMeasuredRates("lumi")).toBeUndefined();
  });

  it("names a preset of trainings whose network the cluster's file does not describe", () => {
    const onRoce = { ...gpuCluster, pods: { training: { preset: "roce" } } };
    expect(buildPlanOnCluster(buildConfig(2), onRoce).plan.cells[0]?.network.name).toMatch(/although .* is roce/);
  });
});

it("a plan estimates evaluations with as many prompts at once as the cluster serves", () => {
  const plan = (outputs: Partial<typeof gpuCluster>) =>
    buildPlanOnCluster(buildConfig(1), { ...gpuCluster, ...outputs }).plan;
  const [usual, served] = [plan({}), plan({ serving: { maxNumSeqs: 64 } })];
  const listHours = ({ cells, bases }: typeof usual) => [
    ...cells.map(({ estimate }) => estimate.evaluationGpuHours),
    ...bases.flatMap(({ evaluationGpuHours, evaluationNodeHours }) => [evaluationGpuHours, evaluationNodeHours]),
  ];
  const hours = listHours(usual);
  expect(hours.length).toBeGreaterThan(2);
  expect(listHours(served).filter((value, index) => value >= (hours[index] ?? 0))).toEqual([]);
});
