/** The benchmarks of docs/adding.md, read from the page: changed settings, and benchmarks that a stack adds. */
import { load } from "js-yaml";
import { buildProvisionalExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import type { CellExperiment } from "../../jobs/experiment/cellExperiment.ts";
import { harnessVersion } from "../../jobs/evaluate/harnessQuestion.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildCellFacts } from "../../jobs/estimate/index.ts";
import { buildCellPlan } from "../../jobs/plan/index.ts";
import {
  addedBenchmarkValues,
  harnessBenchmarkValues,
  addedStackConfig,
  addedExperiment,
  otherBenchmarkValues as changes,
  addedStackValues,
} from "../support/addedStack.ts";

const { cells } = addedExperiment;

describe("changed benchmark settings", () => {
  const changedCells = buildProvisionalExperiment(
    parseFamilyConfig({ stack: "qwen-2.5", file: "Pulumi.qwen-2.5.yaml", values: { ...addedStackValues, ...changes } }),
    gpuCluster,
  ).cells;

  it("apply as on the page; the others are the study's", () => {
    expect(changedCells[0]?.evaluation.benchmarks).toMatchObject({
      sib200: { settings: { shots: 5, seed: 42 } },
      flores200: { settings: { shots: 3, directions: ["xx-eng"], limit: 200, backend: { kind: "vllm" } } },
    });
  });

  it("rename the evaluations but not the runs", () => {
    const listNamePairs = (list: typeof cells) =>
      list.map(({ run, evaluation }) => [run.name, evaluation.name] as const);
    const [before, after] = [new Map(listNamePairs(cells)), new Map(listNamePairs(changedCells))];
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    expect([...after].filter(([run, evaluation]) => before.get(run) === evaluation)).toEqual([]);
  });
});

describe("benchmarks of lm-evaluation-harness", () => {
  const config = parseFamilyConfig({
    stack: "qwen-2.5",
    file: "Pulumi.qwen-2.5.yaml",
    values: { ...addedStackValues, ...harnessBenchmarkValues },
  });
  const experiment = buildProvisionalExperiment(config, gpuCluster);
  const nguni = experiment.cells.find(({ cell }) => cell.id === "Q25-Mono-Nguni");
  const readPod = (name: string) => {
    const job = nguni?.evaluate.spec.replicatedJobs.find((one) => one.name === name);
    const pod = job?.template.spec.template.spec?.containers[0];
    return [pod?.args, load(pod?.env?.find((variable) => variable.name === "MIXCPT_SPEC")?.value ?? "")];
  };

  it("are passed to the harness with its version, a task by language and the data at their commit", () => {
    const folder = nguni?.evaluation.benchmarks["belebele"]?.files;
    expect(folder).toMatch(/^\/store\/benchmarks\/belebele-[0-9a-f]{8}$/);
    expect(readPod("belebele")).toMatchObject([
      ["lm-eval"],
      {
        benchmarks: folder,
        languages: ["eng_Latn", "zul_Latn", "xho_Latn", "ssw_Latn"],
        shots: 3,
        seed: 42,
        backend: { kind: "transformers" },
        benchmark: {
          name: "belebele",
          kind: "lm-eval",
          harness: harnessVersion,
          task: "belebele_{language}",
          metric: "acc",
          items: 900,
          dataset: "facebook/belebele@75b399394a9803252cfec289d103de462763db7c",
        },
      },
    ]);
    expect(readPod("afrixnli")).toMatchObject([
      ["lm-eval"],
      {
        benchmarks: "/store/inputs/benchmarks",
        languages: ["zul_Latn", "xho_Latn"],
        benchmark: { tasks: { zul_Latn: "afrixnli_zul_prompt_1", xho_Latn: "afrixnli_xho_prompt_1" } },
      },
    ]);
  });

  it("download their data once for the stack", () => {
    const downloads = experiment.shared
      .map((job) => JSON.stringify(job))
      .filter((job) => job.includes("facebook/belebele"));
    expect(downloads).toHaveLength(1);
    expect(downloads[0]).toMatch(
      /revision: 75b3993\w{33}\\nkind: dataset\\nfiles:\\n {2}- README.md\\n {2}- data\/\*\.jsonl/,
    );
  });

  it("keep the study's scores, and have a folder that depends on the commit", () => {
    const before = cells.find(({ cell }) => cell.id === "Q25-Mono-Nguni");
    expect(nguni?.evaluation.benchmarks["sib200"]).toEqual(before?.evaluation.benchmarks["sib200"]);
    expect(nguni?.evaluation.benchmarks["belebele"]?.scores).not.toBe(
      before?.evaluation.benchmarks["belebele"]?.scores,
    );
  });

  it("count four readings of each prompt in the hours of the plan", () => {
    const facts = buildCellFacts(nguni as CellExperiment, config);
    expect(facts.benchmarks["belebele"]).toEqual({
      prompts: 900 * 4 * 4,
      shots: 3,
      exampleTokens: 250,
      answerTokens: 0,
    });
  });
});

describe("added benchmarks", () => {
  const configWithBenchmarks = parseFamilyConfig({
    stack: "qwen-2.5",
    file: "Pulumi.qwen-2.5.yaml",
    values: { ...addedStackValues, ...addedBenchmarkValues },
  });
  const {
    bases: [base],
    cells: extendedCells,
  } = buildProvisionalExperiment(configWithBenchmarks, gpuCluster);
  const nguni = extendedCells.find(({ cell }) => cell.id === "Q25-Mono-Nguni");
  const readBenchmarkSpec = (name: string): string => {
    const pod = nguni?.evaluate.spec.replicatedJobs.find((job) => job.name === name)?.template.spec.template.spec
      ?.containers[0];
    return JSON.stringify([
      pod?.args,
      load(pod?.env?.find((variable) => variable.name === "MIXCPT_SPEC")?.value ?? ""),
    ]);
  };

  it("are evaluated on the base model and every cell in the languages they share, next to the study's", () => {
    const names = [base, ...extendedCells].map((experiment) =>
      Object.keys(experiment?.evaluation.benchmarks ?? {}).join(),
    );
    expect(new Set(names)).toEqual(new Set(["sib200,flores200,taxi1500,ntrex128"]));
    expect(nguni?.evaluation.benchmarks["taxi1500"]?.settings.languages).toEqual(["eng_Latn", "zul_Latn", "xho_Latn"]);
    expect(nguni?.evaluation.benchmarks["ntrex128"]?.settings.languages).toEqual(["zul_Latn", "xho_Latn", "ssw_Latn"]);
  });

  it("are passed to the evaluator by kind, with their settings", () => {
    const taxi = readBenchmarkSpec("taxi1500");
    expect(taxi).toMatch(/^\[\["classification"\].*"shots":3,/);
    expect(taxi).toContain(
      '"benchmark":{"name":"taxi1500","kind":"classification","items":111,"labels":["Recommendation",',
    );
    expect(taxi).toContain('"heading":"Topic Classification","example":"The topic of the verse');
    const ntrex = readBenchmarkSpec("ntrex128");
    expect(ntrex).toMatch(/^\[\["translation"\].*"directions":\["xx-eng","eng-xx"\].*"maxNewTokens":128/);
    expect(ntrex).toContain('"benchmark":{"name":"ntrex128","kind":"translation","items":1000}');
    expect(readBenchmarkSpec("sib200")).not.toContain('"benchmark":');
  });

  it("keep the study's scores and every run", () => {
    for (const { cell, run, evaluation } of extendedCells) {
      const before = cells.find((candidate) => candidate.cell.id === cell.id);
      expect([run.name, evaluation.benchmarks["sib200"], evaluation.benchmarks["flores200"]]).toEqual([
        before?.run.name,
        before?.evaluation.benchmarks["sib200"],
        before?.evaluation.benchmarks["flores200"],
      ]);
    }
  });

  it("are counted in the hours of the plan", () => {
    const [before, after] = [addedExperiment, { cells: extendedCells }].map((experiment) =>
      buildCellPlan(buildCellFacts(experiment.cells[0] as CellExperiment, addedStackConfig)),
    );
    expect(after?.estimate.evaluationGpuHours).toBeGreaterThan(1.5 * (before?.estimate.evaluationGpuHours ?? NaN));
    expect(after?.benchmarks["ntrex128"]).toMatchObject({ shots: 3, answerTokens: 45 });
    expect(after?.benchmarks["taxi1500"]?.prompts).toBe(3 * 111);
  });

  it("are omitted for cells without any of their languages", () => {
    const thai = { kind: "translation", items: 10, languages: ["tha_Thai"] };
    const config = parseFamilyConfig({
      stack: "qwen-2.5",
      file: "Pulumi.qwen-2.5.yaml",
      values: {
        ...addedStackValues,
        "mixcpt:axes": { data: ["Mono"], categories: ["Stag", "Nguni"] },
        "mixcpt:benchmarks": { thai },
      },
    });
    const names = buildProvisionalExperiment(config, gpuCluster).cells.map(({ cell, evaluation }) =>
      [cell.parts.category.title, "thai" in evaluation.benchmarks].join(),
    );
    expect(names.sort()).toEqual(["Nguni,false", "Stagnant,true"]);
  });
});
