import { buildProvisionalExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildCellFacts } from "../../jobs/estimate/index.ts";
import { buildCellPlan, buildStackPlan } from "../../jobs/plan/index.ts";
import type { PlanOnCluster } from "./planOnCluster.ts";
import { renderPlanReport } from "./planReport.ts";
import { markdownStyle, renderMarkdownTable, renderTextTable, buildTerminalStyle } from "./planStyle.ts";

function buildPlannedFamily(family: string, more: Record<string, unknown> = {}): PlanOnCluster {
  const values = {
    "mixcpt:family": family,
    "mixcpt:protocol": "as-published",
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
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

describe("a terminal plan", () => {
  const text = renderPlanReport(
    [viking],
    [{ unavailable: "there is no cluster lumi here" }],
    buildTerminalStyle(Infinity),
  );

  it("has a row per cell in the order of submission, with figures and units", () => {
    const rows = splitLines(text).filter((line) => line.startsWith("V7-"));
    expect(rows.map((row) => row.split(" ")[0])).toEqual(viking.plan.cells.map(({ id }) => id));
    expect(rows[0]).toMatch(
      /^V7-\S+ +[\d.]+ M \([\d.]+–[\d.]+\) +[\d,]+ +\d+ +[\d.]+–[\d.]+ +[\d.]+–[\d.]+ +[\d.]+ GB fits +106 GB +[\d.]+ (?:GB|TB)/,
    );
  });

  it("says what a step takes and what bounds it, and which execution would save", () => {
    expect(text).toContain("a step takes 11.1–17.6 s: 11.1–15.5 s of compute and 2.11 s of communication; 22–35 % of");
    expect(text).toContain("mixcpt:execution { microBatch: 16, zero: 3 } would save 6 % of the GPU-hours");
  });

  it("shows what a stack with axes of its own multiplies before its table", () => {
    const axes = { data: ["Mono", "Bi"], categories: ["Stag"], seed: [1, 2, 3], learning_rate: [2e-5, 4e-5] };
    const sweep = buildPlannedFamily("llama-3.1", { "mixcpt:axes": axes });
    const lines = splitLines(renderPlanReport([sweep], [{}], buildTerminalStyle(Infinity)));
    const product = lines.findIndex((line) =>
      /^ +2 mixtures × 1 category × 2 learning rates × 3 seeds = 12 cells, [\d,.]+–[\d,.]+ GPU-hours$/.test(line),
    );
    expect(product).toBeGreaterThan(0);
    expect(product).toBeLessThan(lines.findIndex((line) => line.startsWith("cell ")));
    expect(text).not.toContain("×");
  });

  it("sums up hours, disk and nodes, and compares the order with the lower bound", () => {
    expect(text).toMatch(/12 cells: [\d,]+–[\d,]+ GPU-hours of training.*no price is configured \(mixcpt:price\)/);
    expect(text).toMatch(/on 4 nodes: [\d.]+ h at the slow end, [\d.]+ % above the lower bound of [\d.]+ h/);
    expect(text).toContain("existing scores are unknown: there is no cluster lumi here");
  });

  it("notes an assumed number of nodes", () => {
    expect(text).not.toContain("assumed");
    expect(renderPlanReport([{ ...viking, nodesAssumed: true }], [], buildTerminalStyle(Infinity))).toContain(
      "4 nodes assumed: infra/Pulumi.lumi.yaml does not exist",
    );
  });

  it("names the nodes in quarantine and before preflight, what to do, and that the hours count on them", () => {
    expect(text).not.toContain("quarantine");
    const closed = [{ name: "n3", state: "untested" }] as const;
    const plan = { ...viking, unavailable: { quarantined: ["n7", "n9"], closed } };
    expect(renderPlanReport([plan], [], buildTerminalStyle(Infinity))).toContain(
      "in quarantine: n7, n9, while the hours count on 4 nodes; once repaired, its operator runs ./mixcpt cluster release lumi n7 n9",
    );
    expect(renderPlanReport([plan], [], buildTerminalStyle(Infinity))).toContain(
      "no training or evaluation before preflight passes on n3: not tested yet; test: ./mixcpt preflight lumi --nodes n3",
    );
  });

  it("lists the tokens of each language of a mixture", () => {
    expect(splitLines(text).find((line) => line.startsWith("Mono+Code-Stag"))).toMatch(
      /301 M +eng_Latn 51\.7 M, .*wol_Latn 1\.21 M, code 50 M$/,
    );
  });

  it("lists the findings by rule, and the formulas", () => {
    expect(text).toMatch(/warning held-out-in-some \(V7-\S+, V7-\S+, V7-\S+ and 1 more\)/);
    expect(text).toContain("compute = 6 · parameters · tokens / devices / (25–35 % of 191.5 TFLOPS)");
  });

  it("has a column of scores if the cluster responds", () => {
    const run = viking.plan.cells[0]?.run;
    const withScores = renderPlanReport(
      [viking],
      [{ lookup: (cell) => (cell.run === run ? "done" : undefined) }],
      buildTerminalStyle(Infinity),
    );
    expect(splitLines(withScores).filter((line) => line.endsWith("done"))).toHaveLength(1);
  });

  it("gives the price of the slow end if one is configured", () => {
    const priced = buildPlannedFamily("viking", { "mixcpt:price": { perGpuHour: 2, currency: "EUR" } });
    expect(renderPlanReport([priced], [{}], buildTerminalStyle(Infinity))).toMatch(/[\d,]+ EUR at most/);
  });

  it("adds up several stacks on the same nodes", () => {
    const both = renderPlanReport([viking, buildPlannedFamily("llama-2")], [{}, {}], buildTerminalStyle(Infinity));
    expect(both).toMatch(/all stacks, one after another\n\n {2}24 cells:/);
  });

  it("counts cells and base models once that several stacks share", () => {
    const both = renderPlanReport([viking, buildPlannedFamily("viking")], [{}, {}], buildTerminalStyle(Infinity));
    const listTotals = (page: string) =>
      splitLines(page).filter((line) => /^ {2}(12 cells|disk|on 4 nodes): /.test(line));
    expect(listTotals(both)).toHaveLength(9);
    expect(listTotals(both).slice(6)).toEqual(
      listTotals(renderPlanReport([viking], [{}], buildTerminalStyle(Infinity))),
    );
  });
});

describe("a plan's table", () => {
  const table = {
    headings: ["cell", "hours"],
    rows: [
      ["a|b", "9"],
      ["c", "10"],
    ],
  };

  it("right-aligns columns of numbers", () => {
    expect(renderTextTable(table)).toBe("cell  hours\na|b       9\nc        10");
  });

  it("escapes pipes in Markdown", () => {
    expect(renderMarkdownTable(table)).toBe("| cell | hours |\n| --- | --- |\n| a\\|b | 9 |\n| c | 10 |");
    expect(renderPlanReport([viking], [{}], markdownStyle)).toMatch(/^### viking: .*\n\n\| cell \| tokens/);
  });
});
