import * as fc from "fast-check";
import { parse } from "yaml";
import { emulatedCluster, gpuCluster } from "./kube/outputs.fixture.ts";
import { manifestsOf, planExperiment, stackConfig } from "./experiment.ts";
import type { CorporaConfig, FamilyName, ProtocolName, StackConfig } from "./matrix/index.ts";
import { allAxes, repositories, study } from "./matrix/index.ts";

const revisions = Object.fromEntries(repositories.map((repository) => [repository, "1234567890".repeat(4)]));
const common = { matrix: study, axes: allAxes, cluster: "lab", tokenSecret: "hub", revisions };
const corpora: CorporaConfig = { kind: "corpora", stack: "corpora", ...common };

const familyConfig = (family: FamilyName, protocol: ProtocolName = "as-published", stack: string = family): StackConfig => ({
  kind: "family",
  stack,
  family,
  protocol,
  ...common,
  hardware: { gpu: "MI250X", nodesPerCell: 1, devicesPerNode: 8 },
  sequenceLength: 256,
  overrides: {},
  benchmarks: { sib200: {}, flores200: {}, added: {} },
  queue: "night",
});

const manifestsFor = (...stack: Parameters<typeof planExperiment>) => manifestsOf(planExperiment(...stack));

const studied = ["llama-2", "llama-3.1", "viking"] as const;
const planOf = (family: FamilyName, protocol?: ProtocolName) => planExperiment(familyConfig(family, protocol), gpuCluster);
const viking = planOf("viking");
const text = (value: unknown) => JSON.stringify(value);
const pathsIn = (value: unknown, folder: string) => new Set(text(value).match(new RegExp(`/store/${folder}/[a-z0-9-]+-[0-9a-f]{8}`, "g")));
const outputsOf = (manifests: readonly unknown[], folder: string) => new Set([...text(manifests).matchAll(new RegExp(`output: (/store/${folder}/[^\\\\"]+)`, "g"))].map(([, path]) => path));

describe("the stack of the corpora", () => {
  const made = planExperiment(corpora, gpuCluster);
  const submitted = manifestsOf(made);

  it("makes twelve mixtures and the two models that they are made with, and no cell", () => {
    expect(outputsOf(submitted, "corpora").size).toBe(12);
    expect(outputsOf(submitted, "models").size).toBe(2);
    expect(made.cells).toEqual([]);
  });

  it.each(studied)("makes exactly what %s trains on", (family) => {
    expect(pathsIn(planOf(family).cells.map(({ train }) => train), "corpora")).toEqual(outputsOf(submitted, "corpora"));
  });

  it("makes a mixture of what the paper counts, up to its tokens", () => {
    const mixture = submitted.find(({ metadata }) => metadata.name.startsWith("data-mono-code-alt-"));
    const spec = parse(/"MIXCPT_SPEC","value":("(?:[^"\\]|\\.)*")/.exec(text(mixture))?.[1]?.replace(/^"(.*)"$/, (quoted) => JSON.parse(quoted) as string) ?? "") as { sources: Record<string, unknown>[] };
    expect(spec.sources.find(({ languages }) => text(languages) === '["zul_Latn"]')).toMatchObject({
      kind: "hf",
      repository: "allenai/MADLAD-400",
      files: ["data/zu/zu_clean_*.jsonl.gz"],
      tokens: 9_499_876,
    });
    expect(spec.sources.filter(({ name }) => name === "the-stack")).toHaveLength(32);
  });
});

describe("the stack of a family", () => {
  it.each(studied)("has twelve cells, each with tokens, a training and an evaluation, and the evaluation of its base model: %s", (family) => {
    const manifests = manifestsFor(familyConfig(family), gpuCluster);
    const count = (kind: string) => manifests.filter((manifest) => manifest.kind === kind).length;
    expect([count("Job"), count("JobSet"), count("TrainJob")]).toEqual([1, 24 + 1, 12]);
  });

  it("trains on the tokens that its own steps make", () => {
    const made = outputsOf(viking.cells.map(({ data }) => data), "tokenised");
    expect(made.size).toBe(12);
    expect(pathsIn(viking.cells.map(({ train }) => train), "tokenised")).toEqual(made);
  });

  it("evaluates the checkpoint that the study evaluated, or the last one", () => {
    const checkpoint = (protocol: ProtocolName) => planOf("llama-2", protocol).cells.find(({ cell }) => cell.id === "L2-Mono-Alt")?.evaluation.subject.checkpoint;
    expect(checkpoint("as-published")).toMatch(/checkpoint-7500$/);
    expect(checkpoint("uniform")).toMatch(/checkpoint-last$/);
  });

  it("asks all languages of the category, with every item, on the fast backend", () => {
    const settings = viking.cells.find(({ cell }) => cell.id === "V7-Bi-Sel")?.evaluation.benchmarks["flores200"]?.settings;
    expect(settings).toMatchObject({ shots: 3, seed: 42, backend: { kind: "vllm" } });
    expect(settings?.languages).toHaveLength(15);
    expect(settings).not.toHaveProperty("limit");
  });

  it("shows the hub's token to the step that downloads and to no other", () => {
    const withToken = manifestsFor(familyConfig("llama-2"), gpuCluster).filter((manifest) => text(manifest).includes("HF_TOKEN"));
    expect(withToken.map(({ metadata }) => metadata.name)).toEqual([expect.stringMatching(/^model-llama-2-7b-hf-/)]);
    expect(text(withToken)).toContain('{"name":"HF_TOKEN","valueFrom":{"secretKeyRef":{"name":"hub","key":"HF_TOKEN"}}}');
  });

  it("waits for GPUs in the queue that it names", () => {
    expect(text(viking.cells[0]?.train)).toContain('"kueue.x-k8s.io/queue-name":"night"');
  });

  it("makes other runs with another commit of its data, and the same with another token", () => {
    const runs = (config: StackConfig) => planExperiment(config, gpuCluster).cells.map(({ run }) => run.name);
    const config = familyConfig("viking");
    const other = { ...config, revisions: { ...revisions, "allenai/MADLAD-400": "f".repeat(40) } };
    expect(runs({ ...config, tokenSecret: "other" })).toEqual(runs(config));
    expect(runs(other).filter((name) => !runs(config).includes(name)).every((name) => name.includes("mono"))).toBe(true);
    expect(runs(other)).not.toEqual(runs(config));
  });
});

describe("stacks that name commits of the benchmarks", () => {
  const commits = { "Davlan/sib200": "c".repeat(40), "openlanguagedata/flores_plus": "d".repeat(40) };
  const withCommits = <Config extends StackConfig | CorporaConfig>(config: Config): Config => ({ ...config, revisions: { ...revisions, ...commits } });
  const family = planExperiment(withCommits(familyConfig("viking")), gpuCluster);
  const made = planExperiment(withCommits(corpora), gpuCluster);

  it("fetch them, in the family's stack and in the corpora's", () => {
    expect(outputsOf(family.shared, "benchmarks").size).toBe(2);
    expect(outputsOf(made.shared, "benchmarks")).toEqual(outputsOf(family.shared, "benchmarks"));
  });

  it("score the cells on them, and clean the corpora of them", () => {
    expect(pathsIn(family.cells.map(({ evaluate }) => evaluate), "benchmarks")).toEqual(outputsOf(family.shared, "benchmarks"));
    const mixtures = made.mixtures.map(({ corpus }) => corpus.job);
    expect(pathsIn(mixtures, "benchmarks")).toEqual(outputsOf(family.shared, "benchmarks"));
    expect(text(mixtures)).not.toContain("/store/inputs/benchmarks");
    expect(pathsIn(family.cells.map(({ train }) => train), "corpora")).toEqual(outputsOf(mixtures, "corpora"));
  });

  it("show the hub's token to what fetches them", () => {
    const withToken = family.shared.filter((manifest) => text(manifest).includes("HF_TOKEN"));
    expect(withToken.map(({ metadata }) => metadata.name)).toContainEqual(expect.stringMatching(/^benchmark-flores-plus-/));
  });

  it("must name a token for FLORES+, which is not open to everybody", () => {
    const { tokenSecret, ...nameless } = withCommits(familyConfig("viking"));
    expect(tokenSecret).toBe("hub");
    expect(() => planExperiment(nameless, gpuCluster)).toThrow(/mixcpt:tokenSecret: openlanguagedata\/flores_plus is open to named readers only/);
  });

  it("make other evaluations, while those of the stacks that name none stay as they are", () => {
    const evaluations = (config: StackConfig) => planExperiment(config, gpuCluster).cells.map(({ evaluation }) => evaluation.name);
    expect(evaluations(familyConfig("viking"))).toEqual(viking.cells.map(({ evaluation }) => evaluation.name));
    expect(evaluations(withCommits(familyConfig("viking"))).filter((name) => evaluations(familyConfig("viking")).includes(name))).toEqual([]);
  });
});

describe("stacks on one cluster", () => {
  const names = (config: StackConfig | CorporaConfig) => manifestsFor(config, gpuCluster).map(({ kind, metadata }) => `${kind}/${metadata.name}`);

  it("never make an object of the same name", () => {
    const dev = stackConfig({ stack: "dev", file: "dev", values: { family: "tiny", protocol: "miniature", hardware: { gpu: "MI250X", devicesPerNode: 2 } } });
    const uniform = studied.map((family) => familyConfig(family, "uniform", `${family}-uniform`));
    const all = [corpora, ...studied.map((family) => familyConfig(family)), ...uniform].flatMap(names);
    const everything = [...all, ...manifestsFor(dev, emulatedCluster).map(({ kind, metadata }) => `${kind}/${metadata.name}`)];
    expect(new Set(everything).size).toBe(everything.length);
  });
});

describe("the names of a family's runs", () => {
  const namesOf = (changes: Record<string, unknown>) => {
    const overrides = { "V7-Mono-Alt": changes };
    const { cells } = planExperiment({ ...familyConfig("viking"), overrides }, gpuCluster);
    return Object.fromEntries(cells.map(({ cell, run }) => [cell.id, run.name]));
  };
  const unchanged = namesOf({});

  const differing = (names: Record<string, string>) => Object.keys(names).filter((id) => names[id] !== unchanged[id]);

  const decisive = fc.oneof(
    fc.record({ learning_rate: fc.double({ min: 1e-3, max: 1, noNaN: true }) }),
    fc.record({ seed: fc.integer({ min: 43, max: 9999 }) }),
    fc.record({ cutoff_len: fc.constantFrom(64, 128, 192) }),
    fc.record({ num_train_epochs: fc.integer({ min: 4, max: 9 }) }),
    fc.record({ val_size: fc.constantFrom(0.02, 0.05) }),
    fc.record({ warmup_ratio: fc.double({ min: 0.1, max: 1, noNaN: true }) }),
    fc.record({ template: fc.constantFrom("default", "empty") }),
    fc.record({ preprocessing_num_workers: fc.integer({ min: 1, max: 15 }) }),
  );

  const carrying = fc.record({
    logging_steps: fc.integer({ min: 1, max: 50 }),
    ddp_timeout: fc.integer({ min: 60, max: 3600 }),
    dataloader_num_workers: fc.integer({ min: 0, max: 16 }),
  });

  it("change in one cell with whatever decides its result", () => {
    fc.assert(fc.property(decisive, (changes) => expect(differing(namesOf(changes))).toEqual(["V7-Mono-Alt"])), { numRuns: 30 });
  });

  it("stay with whatever says only how it is carried out", () => {
    fc.assert(fc.property(carrying, (changes) => expect(differing(namesOf(changes))).toEqual([])), { numRuns: 20 });
  });
});
