import { emulatedCluster, gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { buildRun } from "../train/run.ts";
import { tinyInput } from "../train/run.fixture.ts";
import type { Evaluation } from "./evaluation.ts";
import { buildEvaluation } from "./evaluation.ts";
import { categories, buildCell, families } from "../matrix/index.ts";
import { buildEvaluationSettings, buildMiniatureSettings, buildStudySettings } from "./evaluationSettings.ts";
import { buildRunSubject, buildBaseModelSubject } from "./evaluationSubject.ts";

const run = buildRun(tinyInput);
const asked = { sib200: {}, flores200: {}, added: {} };
const settings = buildEvaluationSettings(run.cell.parts.category, run.cell.parts.family, asked);
const input = {
  subject: buildRunSubject(run),
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

  it("keeps the scores of each benchmark in a folder of its own below its run's", () => {
    expect(evaluation.name).toMatch(/^eval-tiny-bi-code-stag-[0-9a-f]{8}$/);
    const folders = Object.entries(evaluation.benchmarks).map(([name, { scores }]) =>
      new RegExp(`^/store/scores/${run.name}/${name}-[0-9a-f]{8}$`).test(scores),
    );
    expect(folders).toEqual([true, true]);
  });

  it("keeps the folder of a benchmark that is asked as before, so that its scores stand", () => {
    const fewer = buildEvaluation({ ...input, settings: { ...settings, sib200: { ...settings.sib200, shots: 1 } } });
    expect(fewer.name).not.toBe(evaluation.name);
    expect(fewer.benchmarks["flores200"]).toEqual(evaluation.benchmarks["flores200"]);
    expect(fewer.benchmarks["sib200"]?.scores).not.toBe(evaluation.benchmarks["sib200"]?.scores);
  });

  it.each([
    ["the checkpoint", { ...input, subject: buildRunSubject({ ...run, output: "/store/runs/other" }) }],
    ["the benchmarks", { ...input, benchmarks: { own: "/store/benchmarks/55555555", made: {} } }],
    [
      "the evaluator",
      { ...input, cluster: { ...emulatedCluster, images: { ...emulatedCluster.images, evaluate: "other" } } },
    ],
  ])("has another name with another input: %s", (_, other) => {
    expect(buildEvaluation(other).name).not.toBe(evaluation.name);
  });
});

describe("the evaluation of a real family", () => {
  const cell = buildCell({ family: "viking", data: "Mono", category: "Sel" });
  const { category, family } = cell.parts;
  const study = {
    ...input,
    subject: buildRunSubject({ ...run, cell }),
    settings: buildEvaluationSettings(category, family, asked),
  };
  const planned = buildEvaluation({ ...study, cluster: gpuCluster });

  it("is the study's: every item, three examples, seed 42, and vLLM's sampling", () => {
    const asked = collectSettings(planned);
    expect(asked).toEqual(buildStudySettings(category));
    expect(asked["sib200"]).toMatchObject({ shots: 3, seed: 42, backend: { kind: "transformers" } });
    expect(asked["flores200"]).toMatchObject({
      backend: { kind: "vllm" },
      directions: ["xx-eng", "eng-xx"],
      generation: { maxNewTokens: 128, temperature: 0.1, topP: 0.9, repetitionPenalty: 1.2 },
    });
    expect([asked["sib200"]?.limit, asked["flores200"]?.limit]).toEqual([undefined, undefined]);
  });

  it.each([
    ["Alt", 14, 13],
    ["Sel", 16, 15],
  ] as const)("asks all the languages that the paper prints for %s", (name, sib200, flores200) => {
    const asked = buildStudySettings(categories[name]);
    expect([asked.sib200.languages.length, asked.flores200.languages.length]).toEqual([sib200, flores200]);
  });

  it("spreads its units over a node's devices, which does not change its name", () => {
    expect(collectShards(planned)).toEqual([8, 8]);
    const small = { ...gpuCluster, hardware: { ...gpuCluster.hardware, devicesPerNode: 2 } };
    const spread = buildEvaluation({ ...study, cluster: small });
    expect([spread.name, collectShards(spread)]).toEqual([planned.name, [2, 2]]);
  });

  it("has another name with other settings", () => {
    const fewer = { ...study.settings, sib200: { ...study.settings.sib200, limit: 10 } };
    expect(buildEvaluation({ ...study, cluster: gpuCluster, settings: fewer }).name).not.toBe(planned.name);
  });
});

describe("the miniature evaluation", () => {
  const { sib200, flores200 } = buildMiniatureSettings(categories.Sel);

  it("asks every language of the category that has a text", () => {
    expect(flores200.languages).toHaveLength(14);
    expect(flores200.languages).not.toContain("bak_Cyrl");
    expect(flores200.directions).toEqual(["xx-eng", "eng-xx"]);
  });

  it("classifies English, too, but does not translate it into itself", () => {
    expect(sib200.languages).toContain("eng_Latn");
    expect(flores200.languages).not.toContain("eng_Latn");
  });

  it("shows three examples, as the paper does", () => {
    expect([sib200.shots, flores200.shots]).toEqual([3, 3]);
  });
});

describe("the evaluation of a base model", () => {
  const base = {
    family: families.tiny,
    model: "/store/models/tiny-33333333",
    image: emulatedCluster.images.data,
    settings,
    stack: "dev",
  };
  const planned = buildEvaluation({ ...input, subject: buildBaseModelSubject(base) });

  it("scores the model as it is, and publishes under a name of its own", () => {
    expect(planned.subject).toMatchObject({ id: "Tiny-base", slug: "tiny-base", checkpoint: base.model });
    expect(planned.configMap).toMatch(/^scores-tiny-base-[0-9a-f]{8}$/);
    expect(planned.subject).not.toHaveProperty("training");
  });

  it.each([
    ["another model", { ...base, model: "/store/models/tiny-44444444" }],
    ["other questions", { ...base, settings: buildEvaluationSettings(categories.Alt, families.tiny, asked) }],
  ])("publishes under another name for %s: two stacks do not overwrite each other's scores", (_, other) => {
    expect(buildBaseModelSubject(other).run).not.toBe(buildBaseModelSubject(base).run);
  });

  it("keeps the scores of a benchmark when another is asked otherwise", () => {
    const other = { ...base, settings: { ...settings, sib200: { ...settings.sib200, shots: 1 } } };
    const asked = buildEvaluation({ ...input, settings: other.settings, subject: buildBaseModelSubject(other) });
    expect(asked.benchmarks["flores200"]).toEqual(planned.benchmarks["flores200"]);
  });

  it("is an object of each stack, and one folder of scores", () => {
    const other = buildEvaluation({ ...input, subject: buildBaseModelSubject({ ...base, stack: "other" }) });
    expect(other.name).not.toBe(planned.name);
    expect(other.benchmarks).toEqual(planned.benchmarks);
  });
});
