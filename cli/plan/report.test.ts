import { sketchExperiment, stackConfig } from "../../jobs/experiment.ts";
import { gpuCluster } from "../../jobs/kube/outputs.fixture.ts";
import { cellFacts, planCell, planStack } from "../../jobs/plan/index.ts";
import type { PlannedFile } from "./planStacks.ts";
import { planReport } from "./report.ts";
import { markdown, terminal } from "./style.ts";
import { markdownTable, textTable } from "./table.ts";

const planned = (family: string, more: Record<string, unknown> = {}): PlannedFile => {
  const values = { "mixcpt:family": family, "mixcpt:protocol": "as-published", "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 }, "mixcpt:sequenceLength": 256, ...more };
  const config = stackConfig({ stack: family, file: family, values });
  const experiment = sketchExperiment(config, gpuCluster);
  const cells = experiment.cells.map((cell) => planCell(cellFacts(cell, config)));
  const { price } = config;
  const plan = planStack({ stack: family, makes: { kind: "cells", family, protocol: config.protocol }, mixtures: [], nodes: 4, ...(price && { price }), bases: [], open: [], cells });
  return { plan, cluster: "lumi", emulated: false, experiment };
};

const viking = planned("viking");
const lines = (text: string) => text.split("\n");

describe("a plan for the terminal", () => {
  const text = planReport([viking], [{ silent: "there is no cluster lumi here" }], terminal);

  it("has a line per cell, in the order of submission, with its figures and units", () => {
    const rows = lines(text).filter((line) => line.startsWith("V7-"));
    expect(rows.map((row) => row.split(" ")[0])).toEqual(viking.plan.cells.map(({ id }) => id));
    expect(rows[0]).toMatch(/^V7-\S+ +[\d.]+ M +[\d,]+ +\d+ +[\d.]+–[\d.]+ +[\d.]+–[\d.]+ +[\d.]+ GB fits +121 GB +[\d.]+ TB/);
  });

  it("adds up: hours, disk, nodes, and how near the order is to the bound", () => {
    expect(text).toMatch(/12 cells: \d+–\d+ GPU-hours of training.*no price is configured \(mixcpt:price\)/);
    expect(text).toMatch(/on 4 nodes: [\d.]+ h at the slow end, [\d.]+ % above the bound of [\d.]+ h/);
    expect(text).toContain("what is done already is not known: there is no cluster lumi here");
  });

  it("says where it takes a number of nodes that no file tells", () => {
    expect(text).not.toContain("assumed");
    expect(planReport([{ ...viking, assumed: true }], [], terminal)).toContain("4 nodes assumed: infra/Pulumi.lumi.yaml is not there");
  });

  it("says how many tokens of which language a mixture has", () => {
    expect(lines(text).find((line) => line.startsWith("Mono+Code-Stag"))).toMatch(/137 M +eng_Latn 43\.4 M, .*wol_Latn 554,809, code 50 M$/);
  });

  it("has the findings by rule, and the formulas", () => {
    expect(text).toMatch(/warning held-out-in-some \(V7-\S+, V7-\S+, V7-\S+ and 1 more\)/);
    expect(text).toContain("GPU-hours = 6 · parameters · tokens read / (25–35 % of 191.5 TFLOPS) / 2 devices of a MI250X");
  });

  it("has a column of scores where the cluster answers", () => {
    const run = viking.plan.cells[0]?.run;
    const answered = planReport([viking], [{ standing: (cell) => (cell.run === run ? "done" : undefined) }], terminal);
    expect(lines(answered).filter((line) => line.endsWith("done"))).toHaveLength(1);
  });

  it("says the price of the slow end where one is configured", () => {
    const priced = planned("viking", { "mixcpt:price": { perGpuHour: 2, currency: "EUR" } });
    expect(planReport([priced], [{}], terminal)).toMatch(/[\d,]+ EUR at most/);
  });

  it("adds several stacks up on the same nodes", () => {
    const both = planReport([viking, planned("llama-2")], [{}, {}], terminal);
    expect(both).toMatch(/all stacks, one after the other\n\n {2}24 cells:/);
  });
});

describe("a table", () => {
  const table = { headings: ["cell", "hours"], rows: [["a|b", "9"], ["c", "10"]] };

  it("has its numbers end at the same place", () => {
    expect(textTable(table)).toBe("cell  hours\na|b       9\nc        10");
  });

  it("stays whole in Markdown whatever a cell says", () => {
    expect(markdownTable(table)).toBe("| cell | hours |\n| --- | --- |\n| a\\|b | 9 |\n| c | 10 |");
    expect(planReport([viking], [{}], markdown)).toMatch(/^### viking: .*\n\n\| cell \| tokens/);
  });
});
