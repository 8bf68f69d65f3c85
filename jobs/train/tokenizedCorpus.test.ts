import { load } from "js-yaml";
import { gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { buildCell } from "../matrix/index.ts";
import { tinyConfig } from "./run.fixture.ts";
import { buildRun } from "./run.ts";
import { buildTokenizedCorpus, groupByTokens } from "./tokenizedCorpus.ts";
import { buildTrainJob } from "./trainJob.ts";

const config = { ...tinyConfig, stack: "viking", family: "viking", protocol: "as-published" } as const;
const cell = buildCell({ family: "viking", data: "Mono", category: "Alt" });
const input = {
  cell,
  cells: [cell] as const,
  config,
  cluster: gpuCluster,
  corpus: "/store/corpora/mono-alt-00000000",
  model: "/store/models/viking-7b-11111111",
};
const tokens = buildTokenizedCorpus(input);
const [awaitJob, tokenizeJob] = tokens.job.spec.replicatedJobs;

function parseSpec(text: string | undefined): unknown {
  return load(text ?? "");
}

describe("a tokenized corpus", () => {
  it("is made from corpus and model as soon as both exist, and waits for them outside the queue", () => {
    expect(awaitJob?.template.spec.template.spec?.containers[0]?.args).toEqual([input.corpus, input.model]);
    expect(awaitJob?.template.spec.template.metadata?.labels).not.toHaveProperty("kueue.x-k8s.io/queue-name");
    expect(awaitJob?.template.spec.template.spec?.containers[0]?.image).toBe(gpuCluster.images.store);
    expect(tokenizeJob?.dependsOn).toEqual([{ name: "await", status: "Complete" }]);
    expect(tokenizeJob?.template.spec.template.metadata?.labels).toMatchObject({ "kueue.x-k8s.io/queue-name": "cpu" });
  });

  it("depends on exactly the settings that preprocessing reads", () => {
    expect(
      parseSpec(
        tokenizeJob?.template.spec.template.spec?.containers[0]?.env?.find(({ name }) => name === "MIXCPT_SPEC")?.value,
      ),
    ).toEqual({
      output: tokens.path,
      corpus: input.corpus,
      model: input.model,
      neededSequences: expect.any(Number),
      recipe: {
        stage: "pt",
        template: "alpaca",
        cutoff_len: 1024,
        preprocessing_num_workers: 16,
        val_size: 0.01,
        seed: 42,
      },
      blocks: { beginWithBos: false },
    });
  });

  it("must be long enough for the evaluated checkpoint, whatever folder it has", () => {
    const readNeeded = (devicesPerNode: number) => {
      const hardware = { ...config.hardware, devicesPerNode };
      const { job, path } = buildTokenizedCorpus({ ...input, config: { ...config, hardware } });
      return [path, /neededSequences: (\d+)/.exec(JSON.stringify(job))?.[1]];
    };
    // The evaluated step is 6500 in three epochs: 2166 whole steps an epoch, and one sequence more.
    expect(readNeeded(8)).toEqual([tokens.path, String(2166 * 8 * 2 * 8 + 1)]);
    expect(readNeeded(4)).toEqual([tokens.path, String(2166 * 8 * 2 * 4 + 1)]);
  });

  it("must be long enough for the highest step that the stack evaluates, whatever its protocol", () => {
    const readNeeded = (evaluate: ("study" | "last" | number)[], protocol: "as-published" | "uniform") => {
      const checkpoints = { ...config.checkpoints, evaluate };
      const { job } = buildTokenizedCorpus({ ...input, config: { ...config, protocol, checkpoints } });
      return /neededSequences: (\d+)/.exec(JSON.stringify(job))?.[1];
    };
    expect(readNeeded([1000, 9000, "study"], "as-published")).toBe(String(2999 * 8 * 2 * 2 + 1));
    expect(readNeeded([1000, "last"], "as-published")).toBe(String(333 * 8 * 2 * 2 + 1));
    expect(readNeeded([1000, "last"], "uniform")).toMatch(/^\d+$/);
    expect(readNeeded(["last"], "uniform")).toBeUndefined();
  });

  it("has the same folder with another learning rate, and another one with another length or number of workers", () => {
    const computeTokensPath = (changes: object) =>
      buildTokenizedCorpus({ ...input, config: { ...config, overrides: { [cell.id]: { ...changes } } } }).path;
    expect(computeTokensPath({ learning_rate: 0.0001 })).toBe(tokens.path);
    expect(
      new Set([
        tokens.path,
        computeTokensPath({ cutoff_len: 2048 }),
        computeTokensPath({ preprocessing_num_workers: 8 }),
      ]).size,
    ).toBe(3);
  });

  it("is shared by the cells that differ in other settings or in their seed alone", () => {
    const settings = { learning_rate: [0.0001, 0.0002], cutoff_len: [512, 1024], seed: [1, 2] };
    const axes = { data: ["Mono"], categories: ["Alt"], settings };
    const groups = groupByTokens({ config: { ...config, axes }, cluster: gpuCluster });
    expect(groups.map((cells) => [...new Set(cells.map(({ axisValues }) => axisValues["cutoff_len"]))])).toEqual([
      [512],
      [1024],
    ]);
    expect(groups.map((cells) => cells.length)).toEqual([4, 4]);
  });

  it("is what the training waits for and reads", () => {
    const run = buildRun({ ...input, tokenised: tokens.path });
    const job = JSON.stringify(buildTrainJob(run, { config, cluster: gpuCluster, priority: "train-1" }));
    expect(job).toContain(`{"name":"MIXCPT_AWAIT_CORPUS","value":"${tokens.path}"}`);
    expect(job).toContain(`tokenised: ${tokens.path}`);
    expect(buildRun(input).name).not.toBe(run.name);
  });
});
