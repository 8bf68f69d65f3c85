import { load } from "js-yaml";
import { emulatedCluster, gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { formatRunFolder } from "../kube/trainingRuntime.ts";
import type { FamilyConfig } from "../config/index.ts";
import { tinyConfig, tinyInput } from "./run.fixture.ts";
import { buildRun } from "./run.ts";
import { buildTrainJob } from "./trainJob.ts";

function buildTinyTrainJob(config: FamilyConfig) {
  return buildTrainJob(buildRun({ ...tinyInput, config }), { config, cluster: emulatedCluster, priority: "train-1" });
}

const run = buildRun(tinyInput);
const job = buildTinyTrainJob(tinyConfig);
const twoNodeJob = buildTinyTrainJob({ ...tinyConfig, hardware: { ...tinyConfig.hardware, nodesPerCell: 2 } });

function findPodPatch(name: string, { spec } = job) {
  return spec.runtimePatches[0]?.trainingRuntimeSpec.template.spec.replicatedJobs.find(
    (replicated) => replicated.name === name,
  )?.template.spec.template;
}

describe("a TrainJob", () => {
  it("tells the monitor the FLOPs of a token and the peak, without another name", () => {
    const onGpus = buildRun({ ...tinyInput, cluster: gpuCluster });
    const { metadata } = buildTrainJob(onGpus, { config: tinyConfig, cluster: gpuCluster, priority: "train-1" });
    expect(metadata.name).toBe(onGpus.name);
    expect(JSON.parse(metadata.annotations?.["mixcpt.io/model-flops"] ?? "")).toMatchObject({
      devices: 2,
      peakPerDevice: 191.5e12,
    });
    expect(job.metadata.annotations).not.toHaveProperty("mixcpt.io/model-flops");
  });

  it("is not queued, and neither are the pods that wait", () => {
    expect(job.metadata.labels).not.toHaveProperty("kueue.x-k8s.io/queue-name");
    expect(findPodPatch("await-corpus")?.metadata?.labels).not.toHaveProperty("kueue.x-k8s.io/queue-name");
  });

  it("queues the pods that hold GPUs", () => {
    expect(findPodPatch("node")?.metadata?.labels).toMatchObject({ "kueue.x-k8s.io/queue-name": "gpu" });
    expect(job.spec.trainer.resourcesPerNode.limits).toMatchObject({ "amd.com/gpu": "2" });
  });

  it("gives its pods the priority class of its place in the order", () => {
    expect(findPodPatch("node")?.metadata?.labels).toMatchObject({ "kueue.x-k8s.io/priority-class": "mixcpt-train-1" });
  });

  it("needs no pod group for one node", () => {
    expect(findPodPatch("node")?.metadata?.labels).not.toHaveProperty("kueue.x-k8s.io/pod-group-name");
  });

  it("makes several nodes one pod group, admitted as a whole and ended as a whole", () => {
    expect(findPodPatch("node", twoNodeJob)?.metadata).toMatchObject({
      labels: { "kueue.x-k8s.io/pod-group-name": twoNodeJob.metadata.name },
      annotations: { "kueue.x-k8s.io/pod-group-total-count": "2", "kueue.x-k8s.io/retriable-in-group": "false" },
    });
    expect(twoNodeJob.spec.trainer.numNodes).toBe(2);
  });

  it("can write to the folder of its run, which the runtime makes by the label of the run", () => {
    const { metadata, spec } = findPodPatch("node") ?? {};
    expect(spec?.containers).toEqual([
      { name: "node", volumeMounts: [{ name: "store", mountPath: run.output, subPath: `runs/${run.name}` }] },
    ]);
    expect(formatRunFolder(emulatedCluster.store, metadata?.labels?.["mixcpt.io/run"] ?? "")).toBe(run.output);
  });

  it("mounts no folder where pods mount the whole store", () => {
    const cluster = { ...emulatedCluster, pods: { training: { user: { storeMount: "whole" } } } } as const;
    const whole = buildTrainJob(run, { config: tinyConfig, cluster, priority: "train-1" });
    expect(findPodPatch("node", whole)?.spec).toBeUndefined();
  });

  it("waits for its corpus and its model", () => {
    expect(findPodPatch("await-corpus")?.spec?.containers).toEqual([
      {
        name: "await",
        env: [
          { name: "MIXCPT_AWAIT_CORPUS", value: run.corpus },
          { name: "MIXCPT_AWAIT_MODEL", value: run.model },
        ],
      },
    ]);
  });

  it("passes the whole spec to the container in one variable", () => {
    const text = job.spec.trainer.env.find(({ name }) => name === "MIXCPT_SPEC")?.value ?? "";
    const { corpus, model, output, recipe } = run;
    expect(load(text)).toEqual({ corpus, model, output, recipe, checkpoints: { steps: [60] } });
  });

  it("names a GPU device on GPU nodes, which does not change its name", () => {
    const gpuJob = buildTrainJob(run, { config: tinyConfig, cluster: gpuCluster, priority: "train-1" });
    expect(JSON.stringify(gpuJob)).toContain("device: gpu");
    expect(JSON.stringify(job)).not.toContain("device: gpu");
    expect(gpuJob.metadata.name).toBe(job.metadata.name);
  });

  it("identifies its cell in labels, with the paper's name in an annotation", () => {
    expect(job.metadata).toMatchObject({
      name: run.name,
      namespace: "mixcpt",
      labels: {
        "app.kubernetes.io/part-of": "mixcpt",
        "mixcpt.io/stack": "dev",
        "mixcpt.io/cell": "tiny-bi-code-stag",
        "mixcpt.io/run": run.name,
        "mixcpt.io/step": "train",
      },
      annotations: { "mixcpt.io/cell-id": "Tiny-Bi+Code-Stag", "pulumi.com/skipAwait": "true" },
    });
  });

  it("sets none of the variables that Kubeflow Trainer sets", () => {
    expect(job.spec.trainer.env.filter(({ name }) => name.startsWith("PET_"))).toEqual([]);
  });
});
