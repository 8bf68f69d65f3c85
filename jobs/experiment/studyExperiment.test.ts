import { load } from "js-yaml";
import { emulatedCluster, gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { listRunManifests, buildExperiment, parseFamilyConfig } from "./index.ts";
import type { FamilyName, ProtocolName } from "../matrix/index.ts";
import type { FamilyConfig, StackConfig } from "../config/index.ts";
import { buildFamilyConfig, corporaConfig, testRevisions } from "./studyConfigs.fixture.ts";

function buildManifests(...stack: Parameters<typeof buildExperiment>) {
  return listRunManifests(buildExperiment(...stack));
}

const studyFamilies = ["llama-2", "llama-3.1", "viking"] as const;

function buildFamilyRuns(family: FamilyName, protocol?: ProtocolName) {
  return buildExperiment(buildFamilyConfig(family, protocol), gpuCluster);
}

const vikingExperiment = buildFamilyRuns("viking");

function stringifyValue(value: unknown) {
  return JSON.stringify(value);
}

function findStorePaths(value: unknown, folder: string) {
  return new Set(stringifyValue(value).match(new RegExp(`/store/${folder}/[a-z0-9-]+-[0-9a-f]{8}`, "g")));
}

function findOutputPaths(manifests: readonly unknown[], folder: string) {
  return new Set(
    [...stringifyValue(manifests).matchAll(new RegExp(`output: (/store/${folder}/[^\\\\"]+)`, "g"))].map(
      ([, path]) => path,
    ),
  );
}

describe("the corpora stack", () => {
  const corporaExperiment = buildExperiment(corporaConfig, gpuCluster);
  const submitted = listRunManifests(corporaExperiment);

  it("builds twelve mixtures and downloads the two models for them, without any cell", () => {
    expect(findOutputPaths(submitted, "corpora").size).toBe(12);
    expect(findOutputPaths(submitted, "models").size).toBe(2);
    expect(corporaExperiment.cells).toEqual([]);
  });

  it.each(studyFamilies)("builds exactly the corpora that %s trains on", (family) => {
    expect(
      findStorePaths(
        buildFamilyRuns(family).cells.map(({ train }) => train),
        "corpora",
      ),
    ).toEqual(findOutputPaths(submitted, "corpora"));
  });

  it("limits each source of a mixture to the words of the paper, and code to tokens", () => {
    const mixture = submitted.find(({ metadata }) => metadata.name.startsWith("data-mono-code-alt-"));
    const spec = load(
      /"MIXCPT_SPEC","value":("(?:[^"\\]|\\.)*")/
        .exec(stringifyValue(mixture))?.[1]
        ?.replace(/^"(.*)"$/, (quoted) => JSON.parse(quoted) as string) ?? "",
    ) as { sources: Record<string, unknown>[] };
    expect(spec.sources.find(({ languages }) => stringifyValue(languages) === '["zul_Latn"]')).toMatchObject({
      kind: "hf",
      repository: "allenai/MADLAD-400",
      files: ["data/zu/zu_clean_*.jsonl.gz"],
      words: 9_499_876,
    });
    const khmer = spec.sources.find(({ languages }) => stringifyValue(languages) === '["khm_Khmr"]');
    expect(khmer).toMatchObject({ characters: expect.any(Number) });
    expect(khmer).not.toHaveProperty("words");
    const code = spec.sources.filter(({ name }) => name === "the-stack");
    expect(code).toHaveLength(32);
    expect(code.every((source) => "tokens" in source)).toBe(true);
  });
});

describe("a family's stack", () => {
  it.each(studyFamilies)(
    "has twelve cells with tokens, a training and an evaluation each, and evaluates its base model: %s",
    (family) => {
      const manifests = buildManifests(buildFamilyConfig(family), gpuCluster);
      const countKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind).length;
      expect([countKind("Job"), countKind("JobSet"), countKind("TrainJob")]).toEqual([1, 24 + 1, 12]);
    },
  );

  it("trains on the tokens that its data steps produce", () => {
    const tokenizedPaths = findOutputPaths(
      vikingExperiment.cells.map(({ data }) => data),
      "tokenised",
    );
    expect(tokenizedPaths.size).toBe(12);
    expect(
      findStorePaths(
        vikingExperiment.cells.map(({ train }) => train),
        "tokenised",
      ),
    ).toEqual(tokenizedPaths);
  });

  it("evaluates the study's checkpoint for published recipes, otherwise the last one", () => {
    const findCheckpoint = (protocol: ProtocolName) =>
      buildFamilyRuns("llama-2", protocol).cells.find(({ cell }) => cell.id === "L2-Mono-Alt")?.evaluation.subject
        .checkpoint;
    expect(findCheckpoint("as-published")).toMatch(/checkpoint-7500$/);
    expect(findCheckpoint("uniform")).toMatch(/checkpoint-last$/);
  });

  it("evaluates all languages of the category on every item with the fast backend", () => {
    const settings = vikingExperiment.cells.find(({ cell }) => cell.id === "V7-Bi-Sel")?.evaluation.benchmarks[
      "flores200"
    ]?.settings;
    expect(settings).toMatchObject({ shots: 3, seed: 42, backend: { kind: "vllm" } });
    expect(settings?.languages).toHaveLength(15);
    expect(settings).not.toHaveProperty("limit");
  });

  it("passes the hub token only to the download step", () => {
    const withToken = buildManifests(buildFamilyConfig("llama-2"), gpuCluster).filter((manifest) =>
      stringifyValue(manifest).includes("HF_TOKEN"),
    );
    expect(withToken.map(({ metadata }) => metadata.name)).toEqual([expect.stringMatching(/^model-llama-2-7b-hf-/)]);
    expect(stringifyValue(withToken)).toContain(
      '{"name":"HF_TOKEN","valueFrom":{"secretKeyRef":{"name":"hub","key":"HF_TOKEN"}}}',
    );
  });

  it("waits for GPUs in the configured queue", () => {
    expect(stringifyValue(vikingExperiment.cells[0]?.train)).toContain('"kueue.x-k8s.io/queue-name":"night"');
  });

  it("renames its runs for another data commit, but not for another token", () => {
    const listRunNames = (config: FamilyConfig) => buildExperiment(config, gpuCluster).cells.map(({ run }) => run.name);
    const config = buildFamilyConfig("viking");
    const other = { ...config, revisions: { ...testRevisions, "allenai/MADLAD-400": "f".repeat(40) } };
    expect(listRunNames({ ...config, tokenSecret: "other" })).toEqual(listRunNames(config));
    expect(
      listRunNames(other)
        .filter((name) => !listRunNames(config).includes(name))
        .every((name) => name.includes("mono")),
    ).toBe(true);
    expect(listRunNames(other)).not.toEqual(listRunNames(config));
  });
});

describe("stacks with benchmark commits", () => {
  const commits = { "Davlan/sib200": "c".repeat(40), "openlanguagedata/flores_plus": "d".repeat(40) };
  const addBenchmarkCommits = <Config extends StackConfig>(config: Config): Config => ({
    ...config,
    revisions: { ...testRevisions, ...commits },
  });
  const family = buildExperiment(addBenchmarkCommits(buildFamilyConfig("viking")), gpuCluster);
  const corporaWithCommits = buildExperiment(addBenchmarkCommits(corporaConfig), gpuCluster);

  it("download them, both for the family and for the corpora", () => {
    expect(findOutputPaths(family.shared, "benchmarks").size).toBe(2);
    expect(findOutputPaths(corporaWithCommits.shared, "benchmarks")).toEqual(
      findOutputPaths(family.shared, "benchmarks"),
    );
  });

  it("score the cells on them and remove their texts from the corpora", () => {
    expect(
      findStorePaths(
        family.cells.map(({ evaluate }) => evaluate),
        "benchmarks",
      ),
    ).toEqual(findOutputPaths(family.shared, "benchmarks"));
    const mixtures = corporaWithCommits.mixtures.map(({ corpus }) => corpus.job);
    expect(findStorePaths(mixtures, "benchmarks")).toEqual(findOutputPaths(family.shared, "benchmarks"));
    expect(stringifyValue(mixtures)).not.toContain("/store/inputs/benchmarks");
    expect(
      findStorePaths(
        family.cells.map(({ train }) => train),
        "corpora",
      ),
    ).toEqual(findOutputPaths(mixtures, "corpora"));
  });

  it("pass the hub token to their downloads", () => {
    const withToken = family.shared.filter((manifest) => stringifyValue(manifest).includes("HF_TOKEN"));
    expect(withToken.map(({ metadata }) => metadata.name)).toContainEqual(
      expect.stringMatching(/^benchmark-flores-plus-/),
    );
  });

  it("need a token for FLORES+, which is gated", () => {
    const { tokenSecret, ...configWithoutToken } = addBenchmarkCommits(buildFamilyConfig("viking"));
    expect(tokenSecret).toBe("hub");
    expect(() => buildExperiment(configWithoutToken, gpuCluster)).toThrow(
      /mixcpt:tokenSecret: openlanguagedata\/flores_plus is gated/,
    );
  });

  it("rename their evaluations, while stacks without benchmark commits keep theirs", () => {
    const listEvaluationNames = (config: FamilyConfig) =>
      buildExperiment(config, gpuCluster).cells.map(({ evaluation }) => evaluation.name);
    expect(listEvaluationNames(buildFamilyConfig("viking"))).toEqual(
      vikingExperiment.cells.map(({ evaluation }) => evaluation.name),
    );
    expect(
      listEvaluationNames(addBenchmarkCommits(buildFamilyConfig("viking"))).filter((name) =>
        listEvaluationNames(buildFamilyConfig("viking")).includes(name),
      ),
    ).toEqual([]);
  });
});

describe("stacks on one cluster", () => {
  const listObjectNames = (config: StackConfig) =>
    buildManifests(config, gpuCluster).map(({ kind, metadata }) => `${kind}/${metadata.name}`);

  it("never create objects with the same name", () => {
    const dev = parseFamilyConfig({
      stack: "dev",
      file: "dev",
      values: { family: "tiny", protocol: "miniature", hardware: { gpu: "MI250X", devicesPerNode: 2 } },
    });
    const uniform = studyFamilies.map((family) => buildFamilyConfig(family, "uniform", `${family}-uniform`));
    const all = [corporaConfig, ...studyFamilies.map((family) => buildFamilyConfig(family)), ...uniform].flatMap(
      listObjectNames,
    );
    const everything = [
      ...all,
      ...buildManifests(dev, emulatedCluster).map(({ kind, metadata }) => `${kind}/${metadata.name}`),
    ];
    expect(new Set(everything).size).toBe(everything.length);
  });
});
