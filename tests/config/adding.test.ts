/** The worked example of docs/adding.md, read from the page, planned on the paper's nodes, and rendered. */
import { readStackValues } from "../../cli/engine/stackDeclarations.ts";
import { renderExperimentFiles } from "../../cli/render/renderStackFiles.ts";
import { parseStackConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { hubRepositories } from "../../jobs/matrix/index.ts";
import { buildCellFacts } from "../../jobs/estimate/index.ts";
import { buildCellPlan, buildPlanDocument, buildStackPlan } from "../../jobs/plan/index.ts";
import { buildPublishedRecipe } from "../../jobs/train/index.ts";
import { buildCorporaExperiment } from "../../jobs/experiment/studyExperiment.ts";
import { addedStackConfig, addedExperiment, addedStackValues } from "../support/addedStack.ts";

const { shared, cells } = addedExperiment;

describe("the worked example", () => {
  it("has the six cells that the page lists", () => {
    const ids = ["Alt", "Nguni"].flatMap((category) =>
      ["Mono", "Bi", "Mono+Bi"].map((data) => `Q25-${data}-${category}`),
    );
    expect(cells.map(({ cell }) => cell.id).sort()).toEqual(ids.sort());
  });

  it("starts from the family's model at the commit on the page", () => {
    const [download] = shared.map((job) => JSON.stringify(job));
    expect(download).toContain("Qwen/Qwen2.5-7B");
    expect(download).toContain("d149729398750b98c0af14eb82c78cfe92750796");
  });

  it("trains every cell with the README's recipe and evaluates the languages of its category", () => {
    expect(cells.every(({ run }) => "num_train_epochs" in run.recipe && run.recipe.num_train_epochs === 2)).toBe(true);
    const study = buildPublishedRecipe({ data: "Mono", category: "Alt" });
    expect(cells.every(({ run }) => run.recipe.cutoff_len === study.cutoff_len)).toBe(true);
    const nguni = cells.find(({ cell }) => cell.id === "Q25-Mono-Nguni");
    expect(nguni?.evaluation.benchmarks["flores200"]?.settings.languages).toEqual(["zul_Latn", "xho_Latn", "ssw_Latn"]);
  });

  it("reads the corpora that the corpora stack makes because the example names it", () => {
    const corpora = parseStackConfig({
      stack: "corpora",
      file: "Pulumi.corpora.yaml",
      values: readStackValues("mixcpt", "corpora"),
      listOthers: () => [{ stack: "qwen-2.5", file: "Pulumi.qwen-2.5.yaml", values: addedStackValues }],
    });
    if (corpora.kind !== "corpora") throw new Error("expected a corpora stack");
    const revisions = Object.fromEntries(hubRepositories.map((repository) => [repository, "0".repeat(40)]));
    const made = JSON.stringify(buildCorporaExperiment({ ...corpora, revisions }, gpuCluster));
    expect(cells.filter(({ run }) => !made.includes(`output: ${run.corpus}\\n`)).map(({ cell }) => cell.id)).toEqual(
      [],
    );
  });

  it("is priced and fits its devices", () => {
    const { stack, family, protocol } = addedStackConfig;
    const plan = buildStackPlan({
      stack,
      product: { kind: "cells", family, protocol },
      mixtures: [],
      nodes: 12,
      cells: cells.map((cell) => buildCellPlan(buildCellFacts(cell, addedStackConfig))),
      bases: [],
      openFindings: [],
    });
    const [planned] = buildPlanDocument([plan]).stacks;
    const nguni = planned?.cells.find(({ id }) => id === "Q25-Mono+Bi-Nguni");
    expect(nguni).toMatchObject({
      model: "Qwen/Qwen2.5-7B",
      category: "Nguni",
      languages: { training: ["zul_Latn", "xho_Latn"], related: ["ssw_Latn"] },
      estimate: { fits: true },
    });
    expect(nguni?.tokens.from).toBe("words");
    expect(nguni?.tokens.low).toBeGreaterThan(77_368_384);
    expect(planned?.cells.every(({ estimate }) => estimate.gpuHours.low > 0 && estimate.steps > 0)).toBe(true);
  });

  it("is rendered with a file for each cell, for the base model and for shared objects", () => {
    const files = new Map(renderExperimentFiles("qwen-2.5", addedExperiment, []));
    expect([...files.keys()].sort()).toEqual(
      ["shared.yaml", "q25-base.yaml", ...cells.map(({ cell }) => `${cell.slug}.yaml`)].sort(),
    );
    expect(files.get("q25-mono-bi-nguni.yaml")).toMatch(/kind: TrainJob[\s\S]*mixcpt\.io\/cell-id: Q25-Mono\+Bi-Nguni/);
  });
});

describe("an added category of a published family", () => {
  const { "mixcpt:categories": added } = addedStackValues;
  const parseLlamaWith = (changes: Record<string, unknown>) => () =>
    parseStackConfig({
      stack: "llama-2-nguni",
      file: "Pulumi.llama-2-nguni.yaml",
      values: { ...readStackValues("mixcpt", "llama-2"), "mixcpt:categories": added, ...changes },
    });

  it("is rejected with published recipes and accepted in a second stack with the protocol uniform", () => {
    expect(parseLlamaWith({})).toThrow(/the study has no cell L2-\S+-Nguni; .*use the protocol uniform/);
    expect(parseLlamaWith({ "mixcpt:protocol": "uniform", "mixcpt:axes": { categories: ["Nguni"] } })).not.toThrow();
  });
});
