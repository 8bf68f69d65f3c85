import { emulatedCluster, gpuCluster, upgradeTransformers } from "../kube/clusterOutputs.fixture.ts";
import { buildRun } from "../train/run.ts";
import { tinyInput } from "../train/run.fixture.ts";
import type { Evaluation } from "./evaluation.ts";
import { buildEvaluation, buildRunEvaluations } from "./evaluation.ts";
import { buildBaseModelNames, buildCell, categories, families } from "../matrix/index.ts";
import { buildEvaluationSettings, buildMiniatureSettings, buildStudySettings } from "./evaluationSettings.ts";
import { buildLastSubject } from "./evaluationSubject.fixture.ts";
import { buildModelSubject } from "./evaluationSubject.ts";

const run = buildRun(tinyInput);
const noChanges = { sib200: {}, flores200: {}, added: {} };
const settings = buildEvaluationSettings(run.cell.parts.category, run.cell.parts.family, noChanges);
const input = {
  subject: buildLastSubject(run),
  benchmarks: { own: "/store/benchmarks/44444444", made: {} },
  cluster: emulatedCluster,
  settings,
};
const evaluation = buildEvaluation(input);

function collectSettings({ benchmarks }: Evaluation) {
  return Object.fromEntries(Object.entries(benchmarks).map(([name, one]) => [name, one.settings]));
}

function collectShards({ benchmarks }: Evaluation) {
  return Object.values(benchmarks).map(({ shards }) => shards);
}

describe("an evaluation", () => {
  it("scores the last checkpoint of its run", () => {
    expect(evaluation.subject.checkpoint).toBe(`${run.output}/checkpoint-60`);
  });

  it("keeps the scores of each benchmark in a separate folder below that of its run", () => {
    expect(evaluation.name).toMatch(/^eval-tiny-bi-code-stag-[0-9a-f]{8}$/);
    const folders = Object.entries(evaluation.benchmarks).map(([name, { scores }]) =>
      new RegExp(`^/store/scores/${run.name}/${name}-[0-9a-f]{8}$`).test(scores),
    );
    expect(folders).toEqual([true, true]);
  });

  it("keeps the folder of a benchmark whose settings did not change, and thereby its scores", () => {
    const changed = buildEvaluation({ ...input, settings: { ...settings, sib200: { ...settings.sib200, shots: 1 } } });
    expect(changed.name).not.toBe(evaluation.name);
    expect(changed.benchmarks["flores200"]).toEqual(evaluation.benchmarks["flores200"]);
    expect(changed.benchmarks["sib200"]?.scores).not.toBe(evaluation.benchmarks["sib200"]?.scores);
  });

  it.each([
    ["the checkpoint", { ...input, subject: buildLastSubject({ ...run, output: "/store/runs/other" }) }],
    ["the benchmarks", { ...input, benchmarks: { own: "/store/benchmarks/55555555", made: {} } }],
    ["the evaluating code", { ...input, cluster: { ...emulatedCluster, code: upgradeTransformers("evaluate") } }],
    ["the device", { ...input, cluster: { ...emulatedCluster, hardware: gpuCluster.hardware } }],
  ])("has another name if an input changes: %s", (_, other) => {
    expect(buildEvaluation(other).name).not.toBe(evaluation.name);
  });
});

describe("the evaluation of a real family", () => {
  const cell = buildCell({ family: "viking", data: "Mono", category: "Sel" });
  const { category, family } = cell.parts;
  const study = {
    ...input,
    subject: buildLastSubject({ ...run, cell }),
    settings: buildEvaluationSettings(category, family, noChanges),
  };
  const studyEvaluation = buildEvaluation({ ...study, cluster: gpuCluster });

  it("follows the study: every item, three examples, seed 42, and vLLM's sampling", () => {
    const benchmarks = collectSettings(studyEvaluation);
    expect(benchmarks).toEqual(buildStudySettings(category));
    expect(benchmarks["sib200"]).toMatchObject({ shots: 3, seed: 42, backend: { kind: "transformers" } });
    expect(benchmarks["flores200"]).toMatchObject({
      backend: { kind: "vllm" },
      directions: ["xx-eng", "eng-xx"],
      generation: { maxNewTokens: 128, temperature: 0.1, topP: 0.9, repetitionPenalty: 1.2 },
    });
    for (const name of ["sib200", "flores200"]) expect(benchmarks[name]).not.toHaveProperty("limit");
  });

  it.each([
    ["Alt", 14, 13],
    ["Sel", 16, 15],
  ] as const)("covers all languages that the paper prints for %s", (name, sib200, flores200) => {
    const benchmarks = buildStudySettings(categories[name]);
    expect([benchmarks.sib200.languages.length, benchmarks.flores200.languages.length]).toEqual([sib200, flores200]);
  });

  it("distributes its units over a node's devices, which does not change its name", () => {
    expect(collectShards(studyEvaluation)).toEqual([8, 8]);
    const small = { ...gpuCluster, hardware: { ...gpuCluster.hardware, devicesPerNode: 2 } };
    const spread = buildEvaluation({ ...study, cluster: small });
    expect([spread.name, collectShards(spread)]).toEqual([studyEvaluation.name, [2, 2]]);
  });

  it("has the same names however vLLM serves the model", () => {
    const serving = { maxNumSeqs: 256, gpuMemoryUtilization: 0.8, enforceEager: false };
    expect(buildEvaluation({ ...study, cluster: { ...gpuCluster, serving } })).toEqual(studyEvaluation);
  });

  it("has another name if a setting changes", () => {
    const limited = { ...study.settings, sib200: { ...study.settings.sib200, limit: 10 } };
    expect(buildEvaluation({ ...study, cluster: gpuCluster, settings: limited }).name).not.toBe(studyEvaluation.name);
  });
});

describe("the miniature evaluation", () => {
  const { sib200, flores200 } = buildMiniatureSettings(categories.Sel);

  it("covers every language of the category that has a text", () => {
    expect(flores200.languages).toHaveLength(14);
    expect(flores200.languages).not.toContain("bak_Cyrl");
    expect(flores200.directions).toEqual(["xx-eng", "eng-xx"]);
  });

  it("includes English for classification, but not for translation", () => {
    expect(sib200.languages).toContain("eng_Latn");
    expect(flores200.languages).not.toContain("eng_Latn");
  });

  it("has three examples per prompt, as in the paper", () => {
    expect([sib200.shots, flores200.shots]).toEqual([3, 3]);
  });
});

describe("the evaluation of a base model", () => {
  const base = {
    names: buildBaseModelNames(families.tiny),
    model: "/store/models/tiny-33333333",
    image: emulatedCluster.images.data,
    settings,
    stack: "dev",
  };
  const baseEvaluation = buildEvaluation({ ...input, subject: buildModelSubject(base) });

  it("scores the base model itself and publishes under its own name", () => {
    expect(baseEvaluation.subject).toMatchObject({ id: "Tiny-base", slug: "tiny-base", checkpoint: base.model });
    expect(baseEvaluation.configMap).toMatch(/^scores-tiny-base-[0-9a-f]{8}$/);
    expect(baseEvaluation.subject).not.toHaveProperty("training");
  });

  it.each([
    ["another model", { ...base, model: "/store/models/tiny-44444444" }],
    ["other settings", { ...base, settings: buildEvaluationSettings(categories.Alt, families.tiny, noChanges) }],
  ])("publishes under another name for %s, so that two stacks do not overwrite each other's scores", (_, other) => {
    expect(buildModelSubject(other).run).not.toBe(buildModelSubject(base).run);
  });

  it("keeps the scores of a benchmark if another one changes", () => {
    const other = { ...base, settings: { ...settings, sib200: { ...settings.sib200, shots: 1 } } };
    const changed = buildEvaluation({ ...input, settings: other.settings, subject: buildModelSubject(other) });
    expect(changed.benchmarks["flores200"]).toEqual(baseEvaluation.benchmarks["flores200"]);
  });

  it("has one JobSet per stack, and one folder of scores", () => {
    const other = buildEvaluation({ ...input, subject: buildModelSubject({ ...base, stack: "other" }) });
    expect(other.name).not.toBe(baseEvaluation.name);
    expect(other.benchmarks).toEqual(baseEvaluation.benchmarks);
  });
});

describe("the evaluations of several checkpoints of a run", () => {
  const checkpoints = { evaluated: [20, 40, 60], stops: false, keepsWeights: false };
  const { evaluation: last, earlierEvaluations } = buildRunEvaluations({ ...run, checkpoints }, input);

  it("leave the names of the last one as they are without the others", () => {
    expect(last).toEqual(evaluation);
  });

  it("each wait for their checkpoint and publish under its step", () => {
    expect(earlierEvaluations.map(({ subject, configMap }) => [subject.checkpoint, configMap])).toEqual([
      [`${run.output}/checkpoint-20`, `scores-${run.name}-at-20`],
      [`${run.output}/checkpoint-40`, `scores-${run.name}-at-40`],
    ]);
    expect(new Set([last, ...earlierEvaluations].map(({ name }) => name)).size).toBe(3);
  });

  it("have another name where the last one becomes an earlier one, because it publishes elsewhere then", () => {
    const { evaluation: alone } = buildRunEvaluations(
      { ...run, checkpoints: { ...checkpoints, evaluated: [40] } },
      input,
    );
    const earlier = earlierEvaluations.find(({ subject }) => subject.checkpoint === alone.subject.checkpoint);
    expect(earlier?.benchmarks).toEqual(alone.benchmarks);
    expect(earlier?.name).not.toBe(alone.name);
  });

  it("state the tokens of a step, by which the report orders them", () => {
    expect(last.subject.training?.tokensPerStep).toBe(4 * 256);
  });
});
