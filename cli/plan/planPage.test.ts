/** Compares the worked example of docs/plan.md with the program. */
import { readFileSync } from "node:fs";
import { buildProvisionalExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildCellFacts } from "../../jobs/estimate/index.ts";
import { buildCellPlan } from "../../jobs/plan/index.ts";
import { formatByteSize, formatHours, formatBand, formatThreeDigits, formatTokenCount } from "./formatNumbers.ts";

const values = {
  "mixcpt:family": "llama-3.1",
  "mixcpt:protocol": "as-published",
  "mixcpt:axes": { data: ["Bi+Code"], categories: ["Stag"] },
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
};

function planExampleCell() {
  const config = parseFamilyConfig({ stack: "llama-3.1", file: "docs/plan.md", values });
  const [cell] = buildProvisionalExperiment(config, gpuCluster).cells.map((experiment) =>
    buildCellPlan(buildCellFacts(experiment, config)),
  );
  if (cell === undefined) throw new Error("the example is not in the matrix");
  return cell;
}

function readExampleTable() {
  const page = readFileSync("docs/plan.md", "utf8").split("## A worked example")[1] ?? "";
  const rows = [...page.matchAll(/^\| ([^|]+) \| [^|]* \| ([^|]+) \|$/gm)].map(([, quantity, value]) => [
    quantity,
    value,
  ]);
  return Object.fromEntries(rows.slice(1)) as Record<string, string>;
}

describe("the worked example of docs/plan.md", () => {
  it("matches the program in every row", () => {
    const { tokens, steps, estimate } = planExampleCell();
    const { memory, interval } = estimate;
    expect(readExampleTable()).toEqual({
      "tokens of an epoch": formatTokenCount(tokens.total),
      steps: formatThreeDigits(steps),
      "tokens read": formatTokenCount(estimate.tokens),
      saving: formatHours(estimate.savingHours),
      "a step": `${formatBand(estimate.step.total)} s`,
      "GPU-hours": formatBand(estimate.gpuHours),
      hours: formatBand(estimate.wallHours),
      states: formatByteSize(memory.states),
      logits: formatByteSize(memory.logits),
      memory: formatByteSize(memory.total),
      checkpoint: formatByteSize(estimate.checkpointBytes),
      disk: formatByteSize(estimate.diskBytes.peak),
      "saves every": formatHours(interval.actualSeconds / 3600),
      "best interval": formatHours(interval.bestSeconds / 3600),
      evaluation: formatThreeDigits(estimate.evaluationGpuHours),
    });
  });
});
