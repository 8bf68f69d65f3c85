import { emulatedCluster, gpuCluster } from "../kube/outputs.fixture.ts";
import { planRun } from "../train/run.ts";
import { tinyInput } from "../train/run.fixture.ts";
import { planEvaluation } from "./evaluation.ts";
import { categories, cellAt, families } from "../matrix/index.ts";
import { evaluationSettings, miniatureEvaluation, studyEvaluation } from "./settings.ts";
import { trained, untrained } from "./subject.ts";

const run = planRun(tinyInput);
const settings = evaluationSettings(run.cell.parts.category, run.cell.parts.family);
const input = { subject: trained(run), benchmarks: "/store/benchmarks/44444444", cluster: emulatedCluster, settings };
const evaluation = planEvaluation(input);

describe("an evaluation", () => {
  it("scores the last checkpoint of its run", () => {
    expect(evaluation.subject.checkpoint).toBe(`${run.output}/checkpoint-60`);
  });

  it("keeps its scores in a folder of its own below its run's", () => {
    expect(evaluation.scores).toMatch(new RegExp(`^/store/scores/${run.name}/[0-9a-f]{8}$`));
    expect(evaluation.name).toBe(`eval-tiny-bi-code-stag-${evaluation.scores.slice(-8)}`);
  });

  it.each([
    ["the checkpoint", { ...input, subject: trained({ ...run, output: "/store/runs/other" }) }],
    ["the benchmarks", { ...input, benchmarks: "/store/benchmarks/55555555" }],
    ["the evaluator", { ...input, cluster: { ...emulatedCluster, images: { ...emulatedCluster.images, evaluate: "other" } } }],
  ])("has another name with another input: %s", (_, other) => {
    expect(planEvaluation(other).name).not.toBe(evaluation.name);
  });
});

describe("the evaluation of a real family", () => {
  const cell = cellAt({ family: "viking", data: "Mono", category: "Sel" });
  const { category, family } = cell.parts;
  const study = { ...input, subject: trained({ ...run, cell }), settings: evaluationSettings(category, family) };
  const planned = planEvaluation({ ...study, cluster: gpuCluster });

  it("is the study's: every item, three examples, seed 42, and vLLM's sampling", () => {
    expect(planned.settings).toEqual(studyEvaluation(category));
    expect(planned.settings.sib200).toMatchObject({ shots: 3, seed: 42, backend: { kind: "transformers" } });
    expect(planned.settings.flores200).toMatchObject({
      backend: { kind: "vllm" },
      directions: ["xx-eng", "eng-xx"],
      generation: { maxNewTokens: 128, temperature: 0.1, topP: 0.9, repetitionPenalty: 1.2 },
    });
    expect([planned.settings.sib200.limit, planned.settings.flores200.limit]).toEqual([undefined, undefined]);
  });

  it.each([
    ["Alt", 14, 13],
    ["Sel", 16, 15],
  ] as const)("asks all the languages that the paper prints for %s", (name, sib200, flores200) => {
    const asked = studyEvaluation(categories[name]);
    expect([asked.sib200.languages.length, asked.flores200.languages.length]).toEqual([sib200, flores200]);
  });

  it("spreads its units over a node's devices, which does not change its name", () => {
    expect(planned.shards).toEqual({ sib200: 8, flores200: 8 });
    const small = { ...gpuCluster, hardware: { ...gpuCluster.hardware, devicesPerNode: 2 } };
    expect(planEvaluation({ ...study, cluster: small })).toEqual({ ...planned, shards: { sib200: 2, flores200: 2 } });
  });

  it("has another name with other settings", () => {
    const fewer = { ...planned.settings, sib200: { ...planned.settings.sib200, limit: 10 } };
    expect(planEvaluation({ ...study, cluster: gpuCluster, settings: fewer }).name).not.toBe(planned.name);
  });
});

describe("the miniature evaluation", () => {
  const { sib200, flores200 } = miniatureEvaluation(categories.Sel);

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
  const base = { family: families.tiny, model: "/store/models/tiny-33333333", image: emulatedCluster.images.data, settings, stack: "dev" };
  const planned = planEvaluation({ ...input, subject: untrained(base) });

  it("scores the model as it is, and publishes under a name of its own", () => {
    expect(planned.subject).toMatchObject({ id: "Tiny-base", slug: "tiny-base", checkpoint: base.model });
    expect(planned.configMap).toMatch(/^scores-tiny-base-[0-9a-f]{8}$/);
    expect(planned.subject).not.toHaveProperty("training");
  });

  it.each([
    ["another model", { ...base, model: "/store/models/tiny-44444444" }],
    ["other questions", { ...base, settings: evaluationSettings(categories.Alt, families.tiny) }],
  ])("publishes under another name for %s: two stacks do not overwrite each other's scores", (_, other) => {
    expect(untrained(other).run).not.toBe(untrained(base).run);
  });

  it("is an object of each stack, and one folder of scores", () => {
    const other = planEvaluation({ ...input, subject: untrained({ ...base, stack: "other" }) });
    expect(other.name).not.toBe(planned.name);
    expect(other.scores).toBe(planned.scores);
  });
});
