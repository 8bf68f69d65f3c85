/** The worked example of docs/plan.md against the program. */
import { readFileSync } from "node:fs";
import { sketchExperiment, stackConfig } from "../../jobs/experiment.ts";
import { gpuCluster } from "../../jobs/kube/outputs.fixture.ts";
import { cellFacts, planCell } from "../../jobs/plan/index.ts";
import { bytes, duration, range, short, tokens } from "./numbers.ts";

const values = {
  "mixcpt:family": "llama-3.1",
  "mixcpt:protocol": "as-published",
  "mixcpt:axes": { data: ["Bi+Code"], categories: ["Stag"] },
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
  "mixcpt:sequenceLength": 256,
};

const example = () => {
  const config = stackConfig({ stack: "llama-3.1", file: "docs/plan.md", values });
  const [cell] = sketchExperiment(config, gpuCluster).cells.map((one) => planCell(cellFacts(one, config)));
  if (cell === undefined) throw new Error("the example is not in the matrix");
  return cell;
};

const table = () => {
  const page = readFileSync("docs/plan.md", "utf8").split("## A worked example")[1] ?? "";
  const rows = [...page.matchAll(/^\| ([^|]+) \| [^|]* \| ([^|]+) \|$/gm)].map(([, quantity, value]) => [quantity, value]);
  return Object.fromEntries(rows.slice(1)) as Record<string, string>;
};

describe("the worked example of docs/plan.md", () => {
  it("has the program's figures, in every row", () => {
    const { tokens: epoch, steps, estimate } = example();
    const { memory, interval } = estimate;
    expect(table()).toEqual({
      "tokens of an epoch": tokens(epoch.total),
      steps: short(steps),
      "tokens read": tokens(estimate.tokens),
      "GPU-hours": range(estimate.gpuHours),
      hours: range(estimate.wallHours),
      states: bytes(memory.states),
      logits: bytes(memory.logits),
      memory: bytes(memory.total),
      checkpoint: bytes(estimate.checkpointBytes),
      disk: bytes(estimate.diskBytes.peak),
      "saves every": duration(interval.actual / 3600),
      "best interval": duration(interval.best / 3600),
      evaluation: short(estimate.evaluationGpuHours),
    });
  });
});
