import { buildJobSpec } from "./jobSpec.ts";

const jobSpecInput = {
  identity: { stack: "dev", step: "data" },
  work: {
    name: "data",
    image: "image:1",
    resources: { cpu: "1", memory: "1Gi" },
    store: { claim: "store", mount: "/store" },
  },
} as const;

describe("a Job whose pods work alone", () => {
  it("is queued by a label of its pods", () => {
    expect(buildJobSpec({ ...jobSpecInput, queue: "cpu" }).template.metadata?.labels).toMatchObject({
      "kueue.x-k8s.io/queue-name": "cpu",
    });
  });

  it("has no queue where nothing scarce is used", () => {
    expect(buildJobSpec(jobSpecInput).template.metadata?.labels).not.toHaveProperty("kueue.x-k8s.io/queue-name");
  });

  it("does again what the node, the scheduler or Kueue took away, without counting it", () => {
    const ignored = buildJobSpec(jobSpecInput).podFailurePolicy?.rules.find(({ action }) => action === "Ignore");
    expect(ignored?.onPodConditions?.map(({ type }) => type)).toEqual(["DisruptionTarget", "TerminationTarget"]);
  });

  it("fails at once on bad input", () => {
    const [first] = buildJobSpec(jobSpecInput).podFailurePolicy?.rules ?? [];
    expect(first).toEqual({ action: "FailJob", onExitCodes: { containerName: "data", operator: "In", values: [2] } });
  });

  it("gives every shard its index and its own retries", () => {
    expect(buildJobSpec({ ...jobSpecInput, shards: 3 })).toMatchObject({
      completionMode: "Indexed",
      completions: 3,
      parallelism: 3,
      backoffLimitPerIndex: 6,
    });
  });

  it("leaves the record of a run: it never deletes itself", () => {
    expect(buildJobSpec(jobSpecInput)).not.toHaveProperty("ttlSecondsAfterFinished");
  });
});
