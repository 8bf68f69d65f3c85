/** The benchmark of docs/adding.md that identifies the language of translations, read from the page. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { buildCellFacts } from "../../jobs/estimate/index.ts";
import { identificationLibrary } from "../../jobs/evaluate/identificationSettings.ts";
import { buildProvisionalExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import type { CellExperiment } from "../../jobs/experiment/cellExperiment.ts";
import { emulatedCluster, gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { packagedModelLanguages } from "../../jobs/matrix/packagedModel.ts";
import { addedExperiment, addedStackValues, identificationBenchmarkValues } from "../support/addedStack.ts";
import { collectRefusals } from "../support/configFixtures.ts";

function readImageFile(path: string): string {
  return readFileSync(resolve(checkoutDirectory, "images", path), "utf8");
}

const config = parseFamilyConfig({
  stack: "qwen-2.5",
  file: "Pulumi.qwen-2.5.yaml",
  values: { ...addedStackValues, ...identificationBenchmarkValues },
});
const experiment = buildProvisionalExperiment(config, gpuCluster);

function findNguni({ cells }: typeof experiment): CellExperiment {
  const found = cells.find(({ cell }) => cell.id === "Q25-Mono-Nguni");
  if (found === undefined) throw new Error("the stack of docs/adding.md has no cell Q25-Mono-Nguni");
  return found;
}

function findJob({ evaluate }: CellExperiment, name: string) {
  const job = evaluate.spec.replicatedJobs.find((one) => one.name === name);
  if (job === undefined) throw new Error(`the JobSet has no job ${name}`);
  return job;
}

const nguni = findNguni(experiment);
const { langid, flores200, sib200 } = nguni.evaluation.benchmarks;

describe("the benchmark that identifies the language of translations", () => {
  const job = findJob(nguni, "langid");
  const pod = job.template.spec.template;
  const container = pod.spec?.containers[0];

  it("reads the translations of FLORES-200 with the hub's model at its commit", () => {
    const spec = load(container?.env?.find(({ name }) => name === "MIXCPT_SPEC")?.value ?? "");
    expect(container?.args).toEqual(["language-identification"]);
    expect(spec).toEqual({
      checkpoint: nguni.evaluation.subject.checkpoint,
      translations: flores200?.scores,
      output: langid?.scores,
      languageModel: expect.stringMatching(/^\/store\/models\/glotlid-[0-9a-f]{8}\/model\.bin$/),
      languages: flores200?.settings.languages,
      directions: ["xx-eng", "eng-xx"],
      benchmark: {
        name: "langid",
        kind: "language-identification",
        translations: "flores200",
        model: `cis-lmu/glotlid@${"1".repeat(40)}`,
        library: identificationLibrary,
      },
    });
  });

  it("runs on the CPU queue, after the translations and the download of the model", () => {
    expect(job.dependsOn?.map(({ name }) => name)).toEqual(["await-checkpoint", "await-langid", "flores200"]);
    expect(pod.metadata?.labels).toMatchObject({ "kueue.x-k8s.io/queue-name": "cpu" });
    expect(Object.keys(container?.resources?.limits ?? {})).not.toContain("amd.com/gpu");
    const downloads = experiment.shared.filter((shared) => JSON.stringify(shared).includes("cis-lmu/glotlid"));
    expect(downloads).toHaveLength(1);
  });

  it("is published with the other scores", () => {
    const publish = findJob(nguni, "publish");
    const { env = [] } = publish.template.spec.template.spec?.containers[0] ?? {};
    expect(publish.dependsOn?.map(({ name }) => name)).toContain("langid");
    expect(load(env.find(({ name }) => name === "MIXCPT_SPEC")?.value ?? "")).toMatchObject({
      expected: expect.arrayContaining([
        { scores: langid?.scores, benchmark: "langid", ...selectUnits(langid?.settings) },
      ]) as unknown,
    });
  });

  it("leaves the scores of the other benchmarks where they are, so that old runs need no new generation", () => {
    const before = findNguni(addedExperiment).evaluation.benchmarks;
    expect([sib200, flores200]).toEqual([before["sib200"], before["flores200"]]);
  });

  it("has another folder where the translations or the model change", () => {
    const build = (benchmarks: object) =>
      findNguni(
        buildProvisionalExperiment(
          parseFamilyConfig({
            stack: "qwen-2.5",
            file: "Pulumi.qwen-2.5.yaml",
            values: { ...addedStackValues, "mixcpt:benchmarks": { langid: readDocumentedBenchmark(), ...benchmarks } },
          }),
          gpuCluster,
        ),
      ).evaluation.benchmarks["langid"]?.scores;
    const model = { repository: "cis-lmu/glotlid", revision: "2".repeat(40) };
    const folders = [
      langid?.scores,
      build({ flores200: { limit: 10 } }),
      build({ langid: { kind: "language-identification", model } }),
    ];
    expect(new Set(folders).size).toBe(3);
    expect(build({})).toBe(langid?.scores);
  });

  it("takes no time of a device in the plan", () => {
    expect(Object.keys(buildCellFacts(nguni, config).benchmarks)).toEqual(["sib200", "flores200"]);
  });
});

function readDocumentedBenchmark(): unknown {
  return (identificationBenchmarkValues["mixcpt:benchmarks"] as Record<string, unknown>)["langid"];
}

function selectUnits(settings: { readonly languages: readonly string[]; readonly directions?: unknown } | undefined) {
  return { languages: settings?.languages, directions: settings?.directions };
}

const miniature = {
  "mixcpt:family": "tiny",
  "mixcpt:protocol": "miniature",
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
  "mixcpt:axes": { data: ["Mono"], categories: ["Alt"] },
};

describe("without a model of the hub", () => {
  const values = {
    ...miniature,
    "mixcpt:cluster": "local",
    "mixcpt:benchmarks": { langid: { kind: "language-identification", languages: ["zho_Hans", "ceb_Latn"] } },
  };
  const { cells, shared } = buildProvisionalExperiment(
    parseFamilyConfig({ stack: "dev", file: "Pulumi.dev.yaml", values }),
    emulatedCluster,
  );

  it("reads the model in the image, and downloads nothing", () => {
    const [cell] = cells;
    const job = cell === undefined ? undefined : findJob(cell, "langid");
    const env = job?.template.spec.template.spec?.containers[0]?.env ?? [];
    expect(load(env.find(({ name }) => name === "MIXCPT_SPEC")?.value ?? "")).toMatchObject({
      languageModel: "lid.176",
      benchmark: { model: "lid.176" },
    });
    expect(job?.dependsOn?.map(({ name }) => name)).toEqual(["await-checkpoint", "flores200"]);
    expect(shared.map(({ metadata }) => metadata.name).filter((name) => name?.includes("model-glotlid"))).toEqual([]);
  });
});

describe("a configuration error", () => {
  it("names the languages that the model in the image does not know, and how to name a model of the hub", () => {
    const found = collectRefusals({
      ...miniature,
      "mixcpt:axes": { data: ["Mono"], categories: ["Sel"] },
      "mixcpt:benchmarks": {
        all: { kind: "language-identification" },
        some: { kind: "language-identification", languages: ["mri_Latn"] },
      },
    });
    expect(found.map(({ path }) => path)).toEqual(["mixcpt:benchmarks.all.model", "mixcpt:benchmarks.some.languages"]);
    expect(found[1]?.message).toMatch(
      /cannot identify mri_Latn; set model: \{repository: cis-lmu.*COMMIT\}, or set languages: \[deu_Latn, bel/,
    );
  });

  it("names the benchmarks that translate, and asks for a commit", () => {
    const found = collectRefusals({
      ...miniature,
      "mixcpt:benchmarks": {
        ntrex: { kind: "translation", items: 10 },
        langid: {
          kind: "language-identification",
          translations: "sib200",
          model: { repository: "cis-lmu/glotlid", revision: "1".repeat(40) },
        },
      },
    });
    expect(found).toMatchObject([
      { path: "mixcpt:benchmarks.langid.translations", message: expect.stringMatching(/allowed: flores200, ntrex$/) },
    ]);
    const branch = collectRefusals({
      ...miniature,
      "mixcpt:benchmarks": {
        langid: { kind: "language-identification", model: { repository: "glotlid", revision: "main" } },
      },
    });
    expect(branch.map(({ path }) => path)).toEqual([
      "mixcpt:benchmarks.langid.model.repository",
      "mixcpt:benchmarks.langid.model.revision",
    ]);
  });
});

describe("the image of the evaluator", () => {
  it.each(["requirements", "requirements-rocm"])("reads models with the declared version, by %s", (name) => {
    const text = readImageFile(`evaluate/${name}.in`);
    expect(/^fasttext-predict==(\S+)$/m.exec(text)?.[1]).toBe(identificationLibrary);
  });

  it("has a model that knows the languages that the rule allows", () => {
    const [, table = ""] =
      /_LID_176_LABELS[^{]*\{([^}]*)\}/.exec(readImageFile("base/mixcpt_store/language_labels.py")) ?? [];
    const languages = [...table.matchAll(/"(\w{3}_\w{4})":/g)].map(([, code]) => code);
    expect(languages).toEqual(packagedModelLanguages);
  });
});
