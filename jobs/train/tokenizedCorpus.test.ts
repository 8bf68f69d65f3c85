import { parse } from "yaml";
import { gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { buildCell } from "../matrix/index.ts";
import { tinyConfig } from "./run.fixture.ts";
import { buildRun } from "./run.ts";
import { buildTokenizedCorpus } from "./tokenizedCorpus.ts";
import { buildTrainJob } from "./trainJob.ts";

const config = { ...tinyConfig, stack: "viking", family: "viking", protocol: "as-published" } as const;
const cell = buildCell({ family: "viking", data: "Mono", category: "Alt" });
const input = {
  cell,
  config,
  cluster: gpuCluster,
  corpus: "/store/corpora/mono-alt-00000000",
  model: "/store/models/viking-7b-11111111",
};
const tokens = buildTokenizedCorpus(input);
const [waits, works] = tokens.job.spec.replicatedJobs;

function parseSpec(text: string | undefined): unknown {
  return parse(text ?? "");
}

describe("the tokens of a corpus", () => {
  it("are made of corpus and model once both are there, and wait for them outside the queue", () => {
    expect(waits?.template.spec.template.spec?.containers[0]?.args).toEqual([input.corpus, input.model]);
    expect(waits?.template.spec.template.metadata?.labels).not.toHaveProperty("kueue.x-k8s.io/queue-name");
    expect(works?.dependsOn).toEqual([{ name: "await", status: "Complete" }]);
    expect(works?.template.spec.template.metadata?.labels).toMatchObject({ "kueue.x-k8s.io/queue-name": "cpu" });
  });

  it("depend on exactly the settings that preprocessing reads", () => {
    expect(
      parseSpec(
        works?.template.spec.template.spec?.containers[0]?.env?.find(({ name }) => name === "MIXCPT_SPEC")?.value,
      ),
    ).toEqual({
      output: tokens.path,
      corpus: input.corpus,
      model: input.model,
      recipe: {
        stage: "pt",
        template: "alpaca",
        cutoff_len: 2048,
        preprocessing_num_workers: 16,
        val_size: 0.01,
        seed: 42,
      },
    });
  });

  it("stay with another learning rate, and are others with another sequence length or number of workers", () => {
    const computeTokensPath = (changes: object) =>
      buildTokenizedCorpus({ ...input, config: { ...config, overrides: { [cell.id]: { ...changes } } } }).path;
    expect(computeTokensPath({ learning_rate: 0.0001 })).toBe(tokens.path);
    expect(
      new Set([
        tokens.path,
        computeTokensPath({ cutoff_len: 1024 }),
        computeTokensPath({ preprocessing_num_workers: 8 }),
      ]).size,
    ).toBe(3);
  });

  it("are what the training waits for and reads", () => {
    const run = buildRun({ ...input, tokenised: tokens.path });
    const job = JSON.stringify(buildTrainJob(run, { config, cluster: gpuCluster, priority: "mixcpt-train-1" }));
    expect(job).toContain(`{"name":"MIXCPT_AWAIT_CORPUS","value":"${tokens.path}"}`);
    expect(job).toContain(`tokenised: ${tokens.path}`);
    expect(buildRun(input).name).not.toBe(run.name);
  });
});
