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

describe("a Job with independent pods", () => {
  it("is queued by a label on its pods", () => {
    expect(buildJobSpec({ ...jobSpecInput, queue: "cpu" }).template.metadata?.labels).toMatchObject({
      "kueue.x-k8s.io/queue-name": "cpu",
    });
  });

  it("has no queue unless one is given", () => {
    expect(buildJobSpec(jobSpecInput).template.metadata?.labels).not.toHaveProperty("kueue.x-k8s.io/queue-name");
  });

  it("replaces pods that the node, the scheduler or Kueue stopped, without counting a retry", () => {
    const ignored = buildJobSpec(jobSpecInput).podFailurePolicy?.rules.find(({ onPodConditions }) => onPodConditions);
    expect(ignored?.action).toBe("Ignore");
    expect(ignored?.onPodConditions?.map(({ type }) => type)).toEqual(["DisruptionTarget", "TerminationTarget"]);
  });

  it("replaces pods whose node has broken GPUs, without counting a retry", () => {
    const onExitCodes = { containerName: "data", operator: "In", values: [69] };
    expect(buildJobSpec(jobSpecInput).podFailurePolicy?.rules).toContainEqual({ action: "Ignore", onExitCodes });
  });

  it("fails at once on bad input", () => {
    const [first] = buildJobSpec(jobSpecInput).podFailurePolicy?.rules ?? [];
    expect(first).toEqual({ action: "FailJob", onExitCodes: { containerName: "data", operator: "In", values: [2] } });
  });

  it("gives every shard an index and separate retries", () => {
    expect(buildJobSpec({ ...jobSpecInput, shards: 3 })).toMatchObject({
      completionMode: "Indexed",
      completions: 3,
      parallelism: 3,
      backoffLimitPerIndex: 6,
    });
  });

  it("is never deleted automatically, so that it stays as the record of a run", () => {
    expect(buildJobSpec(jobSpecInput)).not.toHaveProperty("ttlSecondsAfterFinished");
  });
});
