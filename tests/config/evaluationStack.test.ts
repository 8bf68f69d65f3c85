/** Stacks that evaluate models without training: the rules of their files, and what they submit and plan. */
import { resolve } from "node:path";
import { buildPlanOnCluster } from "../../cli/plan/planOnCluster.ts";
import { renderPlanReport } from "../../cli/plan/planReport.ts";
import { buildTerminalStyle } from "../../cli/plan/planStyle.ts";
import { readStackValues } from "../../cli/engine/stackDeclarations.ts";
import type { EvaluationConfig } from "../../jobs/config/index.ts";
import { buildExperiment, buildProvisionalExperiment, parseStackConfig } from "../../jobs/experiment/index.ts";
import type { BaseExperiment } from "../../jobs/experiment/index.ts";
import { emulatedCluster, gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildPlanDocument } from "../../jobs/plan/index.ts";
import { catchProblems } from "../support/configErrors.ts";
import { collectRefusals, readFixture } from "../support/configFixtures.ts";

const { values } = readFixture(resolve("tests/config/valid/evaluation.yaml"));
const commit = "1".repeat(40);

function parseModels(models: Record<string, unknown>, changes: Record<string, unknown> = {}): EvaluationConfig {
  const config = parseStackConfig({
    stack: "scores",
    file: "Pulumi.scores.yaml",
    values: { ...values, "mixcpt:models": models, ...changes },
  });
  if (config.kind !== "evaluation") throw new Error("expected an evaluation stack");
  return config;
}

function buildModels(
  models: Record<string, unknown>,
  changes: Record<string, unknown> = {},
): readonly BaseExperiment[] {
  return buildExperiment(parseModels(models, changes), gpuCluster).bases;
}

function listScoreFolders(bases: readonly BaseExperiment[]): string[] {
  return bases.flatMap(({ evaluation }) => Object.values(evaluation.benchmarks).map(({ scores }) => scores));
}

function listRefusals(models: Record<string, unknown>): string[] {
  return collectRefusals({ ...values, "mixcpt:models": models }).map(
    ({ rule, path, message }) => `${rule} ${path}: ${message}`,
  );
}

describe("the file of an evaluation stack", () => {
  it("names a model that is neither a cell nor a base model with its family", () => {
    expect(listRefusals({ "L3-Mono-Atl": { repository: "a/b", revision: commit } })).toEqual([
      "missing-key mixcpt:models.L3-Mono-Atl.family: L3-Mono-Atl is neither a cell nor a base model, " +
        'so its family is not known; add this key; did you mean "L3-Mono-Alt"?',
    ]);
  });

  it("advises quotes for a commit that YAML reads as a number", () => {
    expect(listRefusals({ "L3-Bi-Sel": { repository: "a/b", revision: 11111111 } })).toEqual([
      "wrong-type mixcpt:models.L3-Bi-Sel.revision: must be text; put it in quotes",
    ]);
  });

  it("refuses each key of other kinds of stacks, axes too", () => {
    for (const key of ["axes", "overrides", "checkpoints", "tracker", "price"])
      expect(
        collectRefusals({ ...values, [`mixcpt:${key}`]: { seed: [1] } }).map(({ rule, path }) => `${rule} ${path}`),
      ).toEqual([`unknown-key mixcpt:${key}`]);
  });

  it("does not contradict the name of a cell or of a base model", () => {
    const models = {
      "L3-Bi-Sel": { repository: "a/b", revision: commit, family: "llama-2", categories: ["Alt"] },
      "L3-base": { family: "llama-2", categories: ["Alt"] },
    };
    expect(listRefusals(models).map((line) => line.split(":").slice(0, 2).join(":"))).toEqual([
      "not-allowed mixcpt:models.L3-Bi-Sel.family",
      "not-allowed mixcpt:models.L3-Bi-Sel.categories",
      "not-allowed mixcpt:models.L3-base.family",
    ]);
  });

  it("may name a cell with values on axes, and keeps such a name free if it states a family", () => {
    const model = { repository: "a/b", revision: commit };
    const variant = "L3-Bi-Sel-lr4e-5-seed2";
    expect(listRefusals({ [variant]: model })).toEqual([]);
    expect(listRefusals({ [variant]: { ...model, family: "llama-2", categories: ["Alt"] } })).toEqual([]);
    expect(listRefusals({ [variant]: { ...model, categories: ["Alt"] } })).toEqual([
      `not-allowed mixcpt:models.${variant}.categories: ${variant} is the name of a cell, which decides this; ` +
        "remove this key or rename the model",
    ]);
    expect(listRefusals({ "L3-Bi-Sel-seed2-lr4e-5": model })).toEqual([
      expect.stringContaining("L3-Bi-Sel-seed2-lr4e-5 is neither a cell nor a base model"),
    ]);
  });

  it("has one place for the weights of each model", () => {
    const models = {
      "L3-Bi-Sel": {},
      "L3-Bi-Alt": { repository: "a/b", path: "runs/x" },
      "L3-Bi-Stag": { path: "../x" },
    };
    expect(listRefusals(models)).toEqual([
      expect.stringMatching(/^not-a-name mixcpt:models.L3-Bi-Stag.path: must be a folder below the store/),
      expect.stringMatching(/^missing-key mixcpt:models.L3-Bi-Sel.repository: state where the weights are/),
      expect.stringMatching(/^not-allowed mixcpt:models.L3-Bi-Alt.repository: a model with a path is not downloaded/),
    ]);
  });

  it("gives no two models one name in Kubernetes, and none that of a cell", () => {
    const entry = { path: "runs/x", family: "llama-2" };
    expect(listRefusals({ "my-model": entry, "my.model": entry, "l3-mono-alt": entry })).toEqual([
      expect.stringMatching(/same-slug mixcpt:models.my-model: would have the Kubernetes name of my.model/),
      expect.stringMatching(/same-slug mixcpt:models.my.model: would have the Kubernetes name of my-model/),
      expect.stringMatching(/same-slug mixcpt:models.l3-mono-alt: would have the Kubernetes name of L3-Mono-Alt/),
    ]);
  });

  it("has none of the keys of a training, and at least one model", () => {
    expect(
      collectRefusals({ ...values, "mixcpt:axes": {}, "mixcpt:protocol": "uniform" }).map(({ path }) => path),
    ).toEqual(["mixcpt:axes", "mixcpt:protocol"]);
    expect(listRefusals({})).toEqual(["missing-key mixcpt:models: name at least one model"]);
  });
});

describe("the evaluations of an evaluation stack", () => {
  it("are in the languages of a cell's category, of the categories that a model names, or of all", () => {
    const languages = buildExperiment(
      parseModels(values["mixcpt:models"] as Record<string, unknown>),
      gpuCluster,
    ).bases.map(({ evaluation }) => [
      evaluation.subject.id,
      evaluation.benchmarks["sib200"]?.settings.languages.length,
    ]);
    expect(languages).toEqual([
      ["L3-Mono-Alt", 14],
      ["L3-base", 37],
      ["emma-500", 24],
      ["step-5000", 14],
    ]);
  });

  it("read and write the folders of a family's base model, so that it is scored once", () => {
    const family = parseStackConfig({ stack: "llama-3.1", file: "f", values: readStackValues("mixcpt", "llama-3.1") });
    const revisions = { "meta-llama/Meta-Llama-3.1-8B": "d04e592bb4f6aa9cfee91e2e20afa771667e1d4b" };
    const [own] = buildModels({ "L3-base": {} }, { "mixcpt:revisions": revisions });
    const [base] = buildProvisionalExperiment(family, gpuCluster).bases;
    expect(own?.evaluation.benchmarks).toEqual(base?.evaluation.benchmarks);
    expect(own?.evaluation.configMap).toBe(base?.evaluation.configMap);
    expect(own?.evaluation.name).not.toBe(base?.evaluation.name);
  });

  it("have other names with another commit or other settings, and the same with another stack's name", () => {
    const entry = { repository: "Zihao-Li/L3-Mono-Alt", revision: commit };
    const [folders, other] = [entry, { ...entry, revision: "4".repeat(40) }].map((model) =>
      listScoreFolders(buildModels({ "L3-Mono-Alt": model })),
    );
    expect(other).not.toEqual(folders);
    const changed = listScoreFolders(
      buildModels({ "L3-Mono-Alt": entry }, { "mixcpt:benchmarks": { sib200: { shots: 5 } } }),
    );
    expect([changed[0] === folders?.[0], changed[1] === folders?.[1]]).toEqual([false, true]);
  });

  it("wait for their own download alone", () => {
    const { shared, bases } = buildExperiment(
      parseModels(values["mixcpt:models"] as Record<string, unknown>),
      gpuCluster,
    );
    expect(shared).toHaveLength(3);
    expect(bases.map(({ dataJobs = [] }) => dataJobs.length)).toEqual([1, 1, 1, 0]);
  });

  it("make the model and the task files of the miniature themselves", () => {
    const hardware = { gpu: "MI250X", devicesPerNode: 2 };
    const config = parseModels({ "Tiny-base": {} }, { "mixcpt:hardware": hardware });
    const { shared } = buildExperiment(config, emulatedCluster);
    expect(shared.map(({ metadata }) => metadata.name)).toEqual([
      expect.stringMatching(/^model-tiny-/),
      expect.stringMatching(/^benchmarks-/),
    ]);
  });
});

describe("the 36 released models and their base models", () => {
  const example = readFixture(resolve("docs/examples/Pulumi.released.yaml"));
  const config = parseStackConfig({ ...example, stack: "released" });
  const planned = buildPlanOnCluster(config, gpuCluster);

  it("are planned before their commits are chosen", () => {
    const [stack] = buildPlanDocument([planned.plan]).stacks;
    expect(stack?.models).toHaveLength(39);
    expect(planned.plan.totals.evaluationGpuHours).toBeCloseTo(24.5, 1);
    expect(planned.plan.totals.diskBytes / 1e9).toBeCloseTo(580, 0);
    const page = renderPlanReport([planned], [{}], buildTerminalStyle(Infinity));
    expect(page).toMatch(/39 models: at least 24.5 GPU-hours of evaluation, no training/);
    expect(page).toMatch(/error not-pinned .*: no commit is given, .* set mixcpt:models.V7-base.revision, /);
  });

  it("are named in the plan only if they lack a commit", () => {
    const open = { repository: "a/b", family: "viking" };
    const { plan } = buildPlanOnCluster(parseModels({ open, pinned: { ...open, revision: commit } }), gpuCluster);
    expect(plan.openFindings.map(({ rule, cells }) => [rule, cells])).toEqual([["not-pinned", ["open"]]]);
  });

  it("are refused by up, which lists each missing commit", () => {
    const problems = catchProblems(() => buildExperiment(config, gpuCluster));
    expect(problems.map(({ path }) => path)).toContain("mixcpt:models.V7-Bi+Code-Stag.revision");
    expect(new Set(problems.map(({ rule }) => rule))).toEqual(new Set(["not-pinned"]));
  });
});
