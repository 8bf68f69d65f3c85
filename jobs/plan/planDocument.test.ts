import { planFamilyCells } from "./familyCells.fixture.ts";
import { buildPlanDocument, buildStackPlan, planDocumentSchema } from "./index.ts";

const stacks = ["llama-2", "llama-3.1", "viking"] as const;

function planFamilyStack(family: string, values: Record<string, unknown> = {}) {
  const { config, cells } = planFamilyCells(family, values);
  const { price, protocol } = config;
  return buildStackPlan({
    stack: family,
    product: { kind: "cells", family, protocol },
    mixtures: [],
    nodes: 12,
    ...(price && { price }),
    bases: [],
    openFindings: [],
    cells,
  });
}

const document = buildPlanDocument(stacks.map((family) => planFamilyStack(family)));
const cells = document.stacks.flatMap((stack) => stack.cells);

function findCell(id: string) {
  return cells.find((one) => one.id === id);
}

describe("the plan document", () => {
  it("has exactly the keys that the schema allows", () => {
    expect(planDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  it("has each of the paper's 36 cells once", () => {
    expect(new Set(cells.map(({ id }) => id)).size).toBe(36);
    expect(cells).toHaveLength(36);
  });

  it("has the model, the languages and the recipe of a cell, and its estimated tokens with their range", () => {
    expect(findCell("L3-Bi+Code-Stag")).toMatchObject({
      slug: "l3-bi-code-stag",
      model: "meta-llama/Meta-Llama-3.1-8B",
      languages: { training: ["tha_Thai", "yor_Latn", "sna_Latn", "wol_Latn"] },
      tokens: { from: "words", bySource: { code: 50_000_000 } },
      recipe: { stage: "pt", learning_rate: 4e-5 },
      evaluate: { checkpoint: 3500, benchmarks: ["sib200", "flores200"] },
    });
  });

  it("has totals that add up", () => {
    for (const { cells: planned, totals } of document.stacks) {
      const high = planned.reduce((sum, { estimate }) => sum + estimate.gpuHours.high, 0);
      expect(totals.gpuHours.high / high).toBeCloseTo(1, 4);
      expect(totals.makespanHours).toBeGreaterThanOrEqual(totals.lowerBoundHours);
      expect(totals.diskGB).toBeGreaterThan(Math.max(...planned.map(({ estimate }) => estimate.diskGB)));
    }
  });

  it("prices the high end of the GPU-hours, and has no cost without a price", () => {
    const { totals } =
      buildPlanDocument([planFamilyStack("viking", { "mixcpt:price": { perGpuHour: 2, currency: "EUR" } })])
        .stacks[0] ?? {};
    expect(totals?.currency).toBe("EUR");
    expect((totals?.cost ?? 0) / (totals?.gpuHours.high ?? 1)).toBeCloseTo(2, 4);
    expect(document.stacks[0]?.totals).toMatchObject({ cost: null, currency: null });
  });

  it("reports the oddities of the published files", () => {
    expect(document.findings.map(({ rule, cells: ids }) => [rule, ids.length])).toEqual([
      ["may-end-before-its-checkpoint", expect.any(Number)],
      ["unexplained-difference", 12],
      ["held-out-in-some", 12],
      ["template-in-pretraining", 36],
      ["evaluated-before-the-end", 36],
      ...document.findings
        .filter(({ rule }) => rule === "saves-far-from-the-best")
        .map(({ rule, cells: ids }) => [rule, ids.length]),
    ]);
  });

  it("reports no unexplained difference for uniform recipes", () => {
    const { findings } = buildPlanDocument(
      stacks.map((family) => planFamilyStack(family, { "mixcpt:protocol": "uniform" })),
    );
    expect(findings.map(({ rule }) => rule)).not.toContain("unexplained-difference");
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("reports an override that sets one cell apart from the others", () => {
    const overridden = planFamilyStack("viking", {
      "mixcpt:protocol": "uniform",
      "mixcpt:overrides": { "V7-Bi-Sel": { learning_rate: 1e-5 } },
    });
    const finding = buildPlanDocument([overridden]).findings.find(({ rule }) => rule === "unexplained-difference");
    expect(finding).toMatchObject({
      cells: ["V7-Bi-Sel"],
      message: expect.stringMatching(/learning_rate is 0\.00004 in 11 cells, 0\.00001 in 1 cell/),
    });
  });
});

describe("a cell's hours", () => {
  const { cells: planned } = planFamilyStack("viking");

  it("include a wait of 167 s for each of 13 checkpoints up to the evaluated step", () => {
    const { evaluatedStep, trainedSteps, estimate } = planned.find(({ id }) => id === "V7-Mono-Alt") ?? {};
    expect([evaluatedStep, trainedSteps]).toEqual([6500, 6500]);
    expect((3600 * (estimate?.savingHours ?? 0)) / 13).toBeCloseTo(167, 0);
  });

  it("include the evaluations of the held-out text, at a third of the cost of training on it", () => {
    const { tokens, estimate } = planned.find(({ id }) => id === "V7-Mono-Alt") ?? {};
    const { wallHours, computeHours, savingHours, tokens: trained } = estimate ?? {};
    const heldOutHours = (wallHours?.high ?? 0) - (computeHours?.high ?? 0) - (savingHours ?? 0);
    const heldOutTokens = (13 + 1) * 0.01 * (tokens?.high ?? 0);
    expect(heldOutHours / (computeHours?.high ?? 0)).toBeCloseTo(heldOutTokens / 3 / (trained ?? 1), 6);
  });

  it("need no held-out evaluation where the study held nothing out", () => {
    expect(planned.find(({ id }) => id === "V7-Bi+Code-Alt")?.workRange.high.heldOutTokens).toBe(0);
  });

  it("are at the high end those of the high end of the tokens where the last checkpoint is trained", () => {
    for (const settings of [{ "mixcpt:protocol": "uniform" }, { "mixcpt:checkpoints": { stop: "end" } }]) {
      const cell = planFamilyStack("viking", settings).cells.find(({ id }) => id === "V7-Mono-Alt");
      const { steps, stepRange, estimate } = cell ?? { stepRange: { low: 0, high: 0 } };
      const computeHours = estimate?.computeHours.high ?? 0;
      expect(estimate?.wallHours.high).toBeGreaterThan((computeHours * stepRange.high) / (steps ?? NaN));
      expect(estimate?.wallHours.low).toBeLessThan(estimate?.computeHours.low ?? 0);
    }
  });
});

describe("a cell's tokens", () => {
  it("are read once per epoch, except for the held-out share", () => {
    const { cells: planned } = planFamilyStack("viking", { "mixcpt:checkpoints": { stop: "end" } });
    const { estimate, tokens } = planned.find(({ id }) => id === "V7-Mono-Alt") ?? {};
    expect((estimate?.tokens ?? 0) / (3 * 0.99 * (tokens?.total ?? 1))).toBeCloseTo(1, 2);
  });
});
