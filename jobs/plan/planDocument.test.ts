import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { buildProvisionalExperiment, parseFamilyConfig } from "../experiment/index.ts";
import { gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { buildCellFacts } from "../estimate/index.ts";
import { buildCellPlan, buildPlanDocument, buildPlanJsonSchema, planDocumentSchema, buildStackPlan } from "./index.ts";

const stacks = ["llama-2", "llama-3.1", "viking"] as const;
const hardware = { gpu: "MI250X", devicesPerNode: 8 };

function planFamilyStack(family: string, more: Record<string, unknown> = {}) {
  const values = {
    "mixcpt:family": family,
    "mixcpt:protocol": "as-published",
    "mixcpt:hardware": hardware,
    "mixcpt:sequenceLength": 256,
    ...more,
  };
  const config = parseFamilyConfig({ stack: family, file: `Pulumi.${family}.yaml`, values });
  const { cells } = buildProvisionalExperiment(config, gpuCluster);
  const { price } = config;
  return buildStackPlan({
    stack: family,
    product: { kind: "cells", family, protocol: config.protocol },
    mixtures: [],
    nodes: 12,
    ...(price && { price }),
    bases: [],
    openFindings: [],
    cells: cells.map((cell) => buildCellPlan(buildCellFacts(cell, config))),
  });
}

const document = buildPlanDocument(stacks.map((family) => planFamilyStack(family)));
const cells = document.stacks.flatMap((stack) => stack.cells);

function findCell(id: string) {
  return cells.find((one) => one.id === id);
}

describe("the plan for programs", () => {
  it("has the committed schema: delete docs/plan.schema.json and run this test to write it anew", () => {
    const text = `${JSON.stringify(buildPlanJsonSchema(), undefined, 2)}\n`;
    if (!existsSync("docs/plan.schema.json")) writeFileSync("docs/plan.schema.json", text);
    expect(readFileSync("docs/plan.schema.json", "utf8")).toBe(text);
  });

  it("is what the schema allows, and nothing beside", () => {
    expect(planDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  it("has the 36 cells of the paper, each once", () => {
    expect(new Set(cells.map(({ id }) => id)).size).toBe(36);
    expect(cells).toHaveLength(36);
  });

  // The paper prints one token less: its total is rounded otherwise than its rows.
  it("says of a cell what the paper says of it", () => {
    expect(findCell("L3-Bi+Code-Stag")).toMatchObject({
      slug: "l3-bi-code-stag",
      model: "meta-llama/Meta-Llama-3.1-8B",
      languages: { training: ["tha_Thai", "yor_Latn", "sna_Latn", "wol_Latn"] },
      tokens: { total: 99_637_839 + 50_000_000, bySource: { bilingual: 99_637_839, code: 50_000_000 } },
      recipe: { stage: "pt", learning_rate: 4e-5 },
      evaluate: { checkpoint: 3500, benchmarks: ["sib200", "flores200"] },
    });
  });

  it("adds up", () => {
    for (const { cells: some, totals } of document.stacks) {
      const high = some.reduce((sum, { estimate }) => sum + estimate.gpuHours.high, 0);
      expect(totals.gpuHours.high / high).toBeCloseTo(1, 4);
      expect(totals.makespanHours).toBeGreaterThanOrEqual(totals.lowerBoundHours);
      expect(totals.diskGB).toBeGreaterThan(Math.max(...some.map(({ estimate }) => estimate.diskGB)));
    }
  });

  it("costs the price of the slow end, or nothing is said", () => {
    const { totals } =
      buildPlanDocument([planFamilyStack("viking", { "mixcpt:price": { perGpuHour: 2, currency: "EUR" } })])
        .stacks[0] ?? {};
    expect(totals?.currency).toBe("EUR");
    expect((totals?.cost ?? 0) / (totals?.gpuHours.high ?? 1)).toBeCloseTo(2, 4);
    expect(document.stacks[0]?.totals).toMatchObject({ cost: null, currency: null });
  });

  it("tells of the published files what is odd in them", () => {
    expect(document.findings.map(({ rule, cells: ids }) => [rule, ids.length])).toEqual([
      ["unexplained-difference", 12],
      ["held-out-in-some", 12],
      ["unlimited-checkpoints", 36],
      ["template-in-pretraining", 36],
      ["evaluated-before-the-end", 36],
      ...document.findings
        .filter(({ rule }) => rule === "saves-far-from-the-best")
        .map(({ rule, cells: ids }) => [rule, ids.length]),
    ]);
  });

  it("finds no difference where the recipe is uniform", () => {
    const { findings } = buildPlanDocument(
      stacks.map((family) => planFamilyStack(family, { "mixcpt:protocol": "uniform" })),
    );
    expect(findings.map(({ rule }) => rule)).not.toContain("unexplained-difference");
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("finds an override that makes one cell unlike the others", () => {
    const odd = planFamilyStack("viking", {
      "mixcpt:protocol": "uniform",
      "mixcpt:overrides": { "V7-Bi-Sel": { learning_rate: 1e-5 } },
    });
    const finding = buildPlanDocument([odd]).findings.find(({ rule }) => rule === "unexplained-difference");
    expect(finding).toMatchObject({
      cells: ["V7-Bi-Sel"],
      message: expect.stringMatching(/learning_rate is 0\.00004 in 11 cells, 0\.00001 in 1 cell/),
    });
  });
});

describe("a cell's tokens", () => {
  it("are read once per epoch, less what is held out", () => {
    const { cells: some } = planFamilyStack("viking");
    const { estimate, tokens } = some.find(({ id }) => id === "V7-Mono-Alt") ?? {};
    expect((estimate?.tokens ?? 0) / (3 * 0.99 * (tokens?.total ?? 1))).toBeCloseTo(1, 2);
  });
});
