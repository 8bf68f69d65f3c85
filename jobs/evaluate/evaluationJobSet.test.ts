import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { emulatedCluster, gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { buildBaseModelNames } from "../matrix/index.ts";
import { buildRun } from "../train/run.ts";
import { tinyInput } from "../train/run.fixture.ts";
import { buildEvaluation } from "./evaluation.ts";
import { buildEvaluationJobSet } from "./evaluationJobSet.ts";
import { buildEvaluationSettings } from "./evaluationSettings.ts";
import { buildLastSubject } from "./evaluationSubject.fixture.ts";
import { buildModelSubject } from "./evaluationSubject.ts";

const evaluatorFile = "images/evaluate/mixcpt_evaluate/run_units.py";

const run = buildRun(tinyInput);
const { category, family } = run.cell.parts;
const settings = buildEvaluationSettings(category, family, { sib200: {}, flores200: {}, added: {} });
const files = { own: "/store/benchmarks/44444444", made: {} };
const evaluation = buildEvaluation({
  subject: buildLastSubject(run),
  settings,
  benchmarks: files,
  cluster: emulatedCluster,
});
const jobSet = buildEvaluationJobSet(evaluation, emulatedCluster, "dev");

function findReplicatedJob(name: string) {
  const job = jobSet.spec.replicatedJobs.find((one) => one.name === name);
  if (job === undefined) throw new Error(`the JobSet has no job ${name}`);
  return job;
}

function findPodTemplate(name: string) {
  return findReplicatedJob(name).template.spec.template;
}

function parseJobSpec(name: string): unknown {
  return load(
    findPodTemplate(name).spec?.containers[0]?.env?.find((variable) => variable.name === "MIXCPT_SPEC")?.value ?? "",
  );
}

describe("the JobSet of an evaluation", () => {
  it("waits for the checkpoint, then scores both benchmarks, then publishes", () => {
    const order = jobSet.spec.replicatedJobs.map(({ name, dependsOn = [] }) => [
      name,
      ...dependsOn.map((job) => job.name),
    ]);
    expect(order).toEqual([
      ["await-checkpoint"],
      ["sib200", "await-checkpoint"],
      ["flores200", "await-checkpoint"],
      ["publish", "sib200", "flores200"],
    ]);
  });

  it.each(["sib200", "flores200"])("can write with each pod of %s only to the scores of its model", (name) => {
    const scores = evaluation.benchmarks[name]?.scores ?? "";
    const folder = scores.slice(0, scores.lastIndexOf("/"));
    const { containers = [], initContainers = [] } = findPodTemplate(name).spec ?? {};
    expect(containers[0]?.volumeMounts?.filter((mount) => mount.name === "store")).toEqual([
      { name: "store", mountPath: "/store", readOnly: true },
      { name: "store", mountPath: folder, subPath: folder.slice("/store/".length) },
    ]);
    expect(initContainers[0]?.command?.at(-1)).toBe(folder);
  });

  it.each(["sib200", "flores200"])("queues each pod of %s for one device", (name) => {
    expect(findPodTemplate(name).metadata?.labels).toMatchObject({ "kueue.x-k8s.io/queue-name": "gpu" });
    expect(findPodTemplate(name).spec?.containers[0]?.resources?.limits).toMatchObject({ "amd.com/gpu": "1" });
  });

  it.each(["sib200", "flores200"])("queues each pod of %s before waiting trainings", (name) => {
    expect(findPodTemplate(name).metadata?.labels).toMatchObject({
      "kueue.x-k8s.io/priority-class": "mixcpt-evaluations",
    });
  });

  it.each([
    ["MIXCPT_JOB", "labels['batch.kubernetes.io/controller-uid']"],
    ["MIXCPT_FAILED_ATTEMPTS", "annotations['batch.kubernetes.io/job-index-failure-count']"],
  ])("tells each evaluating pod its Job and how many pods with its index have failed: %s", (variable, field) => {
    for (const name of ["sib200", "flores200"])
      expect(findPodTemplate(name).spec?.containers[0]?.env).toContainEqual({
        name: variable,
        valueFrom: { fieldRef: { fieldPath: `metadata.${field}` } },
      });
  });

  it("replaces as many failed pods as the evaluator expects", () => {
    const [, retries] = /_POD_RETRIES = (\d+)/.exec(readFileSync(evaluatorFile, "utf8")) ?? [];
    expect(findReplicatedJob("sib200").template.spec.backoffLimitPerIndex).toBe(Number(retries));
  });

  it("tells the publisher which units must have scores", () => {
    const [sib200, flores200] = [evaluation.benchmarks["sib200"], evaluation.benchmarks["flores200"]];
    expect(parseJobSpec("publish")).toMatchObject({
      expected: [
        { scores: sib200?.scores, benchmark: "sib200", languages: sib200?.settings.languages },
        {
          scores: flores200?.scores,
          benchmark: "flores200",
          languages: flores200?.settings.languages,
          directions: ["xx-eng", "eng-xx"],
        },
      ],
    });
  });

  it.each(["await-checkpoint", "publish"])("holds no device in %s and does not queue for one", (name) => {
    expect(findPodTemplate(name).metadata?.labels).not.toHaveProperty("kueue.x-k8s.io/queue-name");
    expect(findPodTemplate(name).spec?.containers[0]?.resources?.limits).not.toHaveProperty("amd.com/gpu");
  });

  it.each(["await-checkpoint", "publish"])("runs %s in the small image, without torch", (name) => {
    expect(findPodTemplate(name).spec?.containers[0]?.image).toBe(emulatedCluster.images.store);
    expect(findPodTemplate("sib200").spec?.containers[0]?.image).toBe(emulatedCluster.images.evaluate);
  });

  it("is not queued itself, because it would hold devices while it waits", () => {
    expect(jobSet.metadata.labels).not.toHaveProperty("kueue.x-k8s.io/queue-name");
  });

  it("gives only the publisher access to the API server", () => {
    const tokens = jobSet.spec.replicatedJobs.filter(
      ({ name }) => findPodTemplate(name).spec?.automountServiceAccountToken,
    );
    expect(tokens.map(({ name }) => name)).toEqual(["publish"]);
    expect(findPodTemplate("publish").spec?.serviceAccountName).toBe("publish");
  });

  it("gives every pod the paths of its input and its scores", () => {
    expect(findPodTemplate("await-checkpoint").spec?.containers[0]?.args).toEqual([
      evaluation.subject.checkpoint,
      files.own,
    ]);
    expect(parseJobSpec("sib200")).toMatchObject({
      checkpoint: evaluation.subject.checkpoint,
      benchmarks: files.own,
      output: evaluation.benchmarks["sib200"]?.scores,
      shards: 1,
    });
    expect(parseJobSpec("flores200")).toMatchObject({
      directions: ["xx-eng", "eng-xx"],
      generation: { maxNewTokens: 32 },
    });
  });

  it("waits separately for benchmarks in separate folders, so that an existing one is scored", () => {
    const benchmarks = { own: "/store/inputs/benchmarks", made: { sib200: "/store/benchmarks/sib200-1" } };
    const jobs = buildEvaluationJobSet(
      buildEvaluation({ subject: buildLastSubject(run), settings, benchmarks, cluster: emulatedCluster }),
      emulatedCluster,
      "dev",
    ).spec.replicatedJobs;
    const summary = jobs.map(({ name, dependsOn = [], template }) => [
      name,
      dependsOn.map((job) => job.name),
      template.spec.template.spec?.containers[0]?.args,
    ]);
    expect(summary).toEqual([
      ["await-checkpoint", [], [evaluation.subject.checkpoint]],
      ["await-sib200", [], [benchmarks.made.sib200]],
      ["await-flores200", [], [benchmarks.own]],
      ["sib200", ["await-checkpoint", "await-sib200"], ["sib200"]],
      ["flores200", ["await-checkpoint", "await-flores200"], ["flores200"]],
      ["publish", ["sib200", "flores200"], ["publish"]],
    ]);
    expect(JSON.stringify(jobs[3])).toContain("benchmarks: /store/benchmarks/sib200-1");
    expect(JSON.stringify(jobs[4])).toContain("benchmarks: /store/inputs/benchmarks");
  });

  it("names a GPU device on GPU nodes, in the benchmarks alone, which does not change its name", () => {
    const gpuJobSet = buildEvaluationJobSet(evaluation, gpuCluster, "dev");
    const gpuJobs = gpuJobSet.spec.replicatedJobs.filter((job) => JSON.stringify(job).includes("device: gpu"));
    expect(gpuJobs.map(({ name }) => name)).toEqual(["sib200", "flores200"]);
    expect(JSON.stringify(jobSet)).not.toContain("device: gpu");
    expect(gpuJobSet.metadata.name).toBe(jobSet.metadata.name);
  });

  it("serves with the cluster's settings in the benchmarks that vLLM answers, which does not change its name", () => {
    const serving = { maxNumSeqs: 256, enforceEager: false };
    const { sib200, flores200 } = settings;
    const vllm = { sib200, flores200: { ...flores200, backend: { kind: "vllm" as const } } };
    const asked = { subject: buildLastSubject(run), settings: vllm, benchmarks: files, cluster: gpuCluster };
    const served = { ...gpuCluster, serving };
    const servedJobSet = buildEvaluationJobSet(buildEvaluation({ ...asked, cluster: served }), served, "dev");
    const servedJobs = servedJobSet.spec.replicatedJobs.filter((job) => JSON.stringify(job).includes("serving:"));
    expect(servedJobs.map(({ name }) => name)).toEqual(["flores200"]);
    expect(JSON.stringify(servedJobs)).toContain("maxNumSeqs: 256");
    const plain = buildEvaluationJobSet(buildEvaluation(asked), gpuCluster, "dev");
    expect(JSON.stringify(plain)).not.toContain("serving:");
    expect(servedJobSet.metadata.name).toBe(plain.metadata.name);
  });

  it("publishes into the ConfigMap of its run", () => {
    expect(parseJobSpec("publish")).toMatchObject({
      run: run.name,
      cell: "Tiny-Bi+Code-Stag",
      scores: [evaluation.benchmarks["sib200"]?.scores, evaluation.benchmarks["flores200"]?.scores],
      runDirectory: run.output,
      image: run.image,
      evaluationImage: emulatedCluster.images.evaluate,
      configMap: {
        namespace: "mixcpt",
        name: `scores-${run.name}`,
        labels: { "mixcpt.io/kind": "scores", "mixcpt.io/cell": "tiny-bi-code-stag" },
        annotations: { "mixcpt.io/cell-id": "Tiny-Bi+Code-Stag", "mixcpt.io/asked": evaluation.evaluationHash },
      },
    });
  });

  it("gives the publisher the number of training devices, from which it computes GPU-hours", () => {
    const widerJobSet = buildEvaluationJobSet(
      { ...evaluation, subject: buildLastSubject({ ...run, world: { nodes: 2, processesPerNode: 8 } }) },
      emulatedCluster,
      "dev",
    );
    expect(parseJobSpec("publish")).toMatchObject({ devices: run.world.nodes * run.world.processesPerNode });
    expect(JSON.stringify(widerJobSet)).toContain("devices: 16");
    expect(widerJobSet.metadata.name).toBe(jobSet.metadata.name);
  });

  it("has pod names that are valid DNS labels", () => {
    const longest = jobSet.spec.replicatedJobs.map(({ name }) => `${jobSet.metadata.name}-${name}-0-0-abcde`.length);
    expect(Math.max(...longest)).toBeLessThanOrEqual(63);
  });

  it("mentions no training for a base model, and queues it first", () => {
    const subject = buildModelSubject({
      names: buildBaseModelNames(family),
      model: "/store/models/tiny-33333333",
      image: "data:1",
      settings,
      stack: "dev",
    });
    const {
      spec: { replicatedJobs },
    } = buildEvaluationJobSet(
      buildEvaluation({ subject, settings, benchmarks: files, cluster: emulatedCluster }),
      emulatedCluster,
      "dev",
    );
    const publisher = JSON.stringify(replicatedJobs.find(({ name }) => name === "publish"));
    expect(publisher).toContain("cell: Tiny-base");
    expect(publisher).not.toContain("runDirectory");
    const benchmarkJob = JSON.stringify(replicatedJobs.find(({ name }) => name === "sib200"));
    expect(benchmarkJob).toContain('"kueue.x-k8s.io/priority-class":"mixcpt-base-evaluation"');
  });
});
