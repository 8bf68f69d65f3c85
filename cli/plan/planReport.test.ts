import { buildProvisionalExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildCellFacts } from "../../jobs/estimate/index.ts";
import { buildCellPlan, buildStackPlan } from "../../jobs/plan/index.ts";
import type { PlanOnCluster } from "./planOnCluster.ts";
import { renderPlanReport } from "./planReport.ts";
import { markdownStyle, terminalStyle } from "./planStyle.ts";
import { renderMarkdownTable, renderTextTable } from "./planStyle.ts";

function buildPlannedFamily(family: string, more: Record<string, unknown> = {}): PlanOnCluster {
  const values = {
    "mixcpt:family": family,
    "mixcpt:protocol": "as-published",
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
    "mixcpt:sequenceLength": 256,
    ...more,
  };
  const config = parseFamilyConfig({ stack: family, file: family, values });
  const experiment = buildProvisionalExperiment(config, gpuCluster);
  const cells = experiment.cells.map((cell) => buildCellPlan(buildCellFacts(cell, config)));
  const { price } = config;
  const plan = buildStackPlan({
    stack: family,
    product: { kind: "cells", family, protocol: config.protocol },
    mixtures: [],
    nodes: 4,
    ...(price && { price }),
    bases: [],
    openFindings: [],
    cells,
  });
  return { plan, cluster: "lumi", emulated: false, experiment };
}

const viking = buildPlannedFamily("viking");

function splitLines(text: string) {
  return text.split("\n");
}

describe("a plan for the terminal", () => {
  const text = renderPlanReport([viking], [{ unavailable: "there is no cluster lumi here" }], terminalStyle);

  it("has a line per cell, in the order of submission, with its figures and units", () => {
    const rows = splitLines(text).filter((line) => line.startsWith("V7-"));
    expect(rows.map((row) => row.split(" ")[0])).toEqual(viking.plan.cells.map(({ id }) => id));
    expect(rows[0]).toMatch(
      /^V7-\S+ +[\d.]+ M +[\d,]+ +\d+ +[\d.]+–[\d.]+ +[\d.]+–[\d.]+ +[\d.]+ GB fits +121 GB +[\d.]+ TB/,
    );
  });

  it("adds up: hours, disk, nodes, and how near the order is to the bound", () => {
    expect(text).toMatch(/12 cells: \d+–\d+ GPU-hours of training.*no price is configured \(mixcpt:price\)/);
    expect(text).toMatch(/on 4 nodes: [\d.]+ h at the slow end, [\d.]+ % above the bound of [\d.]+ h/);
    expect(text).toContain("what is done already is not known: there is no cluster lumi here");
  });

  it("says where it takes a number of nodes that no file tells", () => {
    expect(text).not.toContain("assumed");
    expect(renderPlanReport([{ ...viking, nodesAssumed: true }], [], terminalStyle)).toContain(
      "4 nodes assumed: infra/Pulumi.lumi.yaml is not there",
    );
  });

  it("says how many tokens of which language a mixture has", () => {
    expect(splitLines(text).find((line) => line.startsWith("Mono+Code-Stag"))).toMatch(
      /137 M +eng_Latn 43\.4 M, .*wol_Latn 554,809, code 50 M$/,
    );
  });

  it("has the findings by rule, and the formulas", () => {
    expect(text).toMatch(/warning held-out-in-some \(V7-\S+, V7-\S+, V7-\S+ and 1 more\)/);
    expect(text).toContain(
      "GPU-hours = 6 · parameters · tokens read / (25–35 % of 191.5 TFLOPS) / 2 devices of a MI250X",
    );
  });

  it("has a column of scores where the cluster answers", () => {
    const run = viking.plan.cells[0]?.run;
    const answered = renderPlanReport(
      [viking],
      [{ lookup: (cell) => (cell.run === run ? "done" : undefined) }],
      terminalStyle,
    );
    expect(splitLines(answered).filter((line) => line.endsWith("done"))).toHaveLength(1);
  });

  it("says the price of the slow end where one is configured", () => {
    const priced = buildPlannedFamily("viking", { "mixcpt:price": { perGpuHour: 2, currency: "EUR" } });
    expect(renderPlanReport([priced], [{}], terminalStyle)).toMatch(/[\d,]+ EUR at most/);
  });

  it("adds several stacks up on the same nodes", () => {
    const both = renderPlanReport([viking, buildPlannedFamily("llama-2")], [{}, {}], terminalStyle);
    expect(both).toMatch(/all stacks, one after the other\n\n {2}24 cells:/);
  });
});

describe("a table", () => {
  const table = {
    headings: ["cell", "hours"],
    rows: [
      ["a|b", "9"],
      ["c", "10"],
    ],
  };

  it("has its numbers end at the same place", () => {
    expect(renderTextTable(table)).toBe("cell  hours\na|b       9\nc        10");
  });

  it("stays whole in Markdown whatever a cell says", () => {
    expect(renderMarkdownTable(table)).toBe("| cell | hours |\n| --- | --- |\n| a\\|b | 9 |\n| c | 10 |");
    expect(renderPlanReport([viking], [{}], markdownStyle)).toMatch(/^### viking: .*\n\n\| cell \| tokens/);
  });
});
