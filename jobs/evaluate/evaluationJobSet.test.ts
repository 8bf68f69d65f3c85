import { parse } from "yaml";
import { emulatedCluster, gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { buildRun } from "../train/run.ts";
import { tinyInput } from "../train/run.fixture.ts";
import { buildEvaluation } from "./evaluation.ts";
import { buildEvaluationJobSet } from "./evaluationJobSet.ts";
import { buildEvaluationSettings } from "./evaluationSettings.ts";
import { buildRunSubject, buildBaseModelSubject } from "./evaluationSubject.ts";

const run = buildRun(tinyInput);
const { category, family } = run.cell.parts;
const settings = buildEvaluationSettings(category, family, { sib200: {}, flores200: {}, added: {} });
const files = { own: "/store/benchmarks/44444444", made: {} };
const evaluation = buildEvaluation({
  subject: buildRunSubject(run),
  settings,
  benchmarks: files,
  cluster: emulatedCluster,
});
const jobSet = buildEvaluationJobSet(evaluation, emulatedCluster, "dev");

function findReplicatedJob(name: string) {
  const found = jobSet.spec.replicatedJobs.find((job) => job.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function findPodTemplate(name: string) {
  return findReplicatedJob(name).template.spec.template;
}

function parseJobSpec(name: string): unknown {
  return parse(
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

  it.each(["sib200", "flores200"])("queues each pod of %s for one device", (name) => {
    expect(findPodTemplate(name).metadata?.labels).toMatchObject({ "kueue.x-k8s.io/queue-name": "gpu" });
    expect(findPodTemplate(name).spec?.containers[0]?.resources?.limits).toMatchObject({ "amd.com/gpu": "1" });
  });

  it.each(["await-checkpoint", "publish"])("holds no device in %s and does not queue for one", (name) => {
    expect(findPodTemplate(name).metadata?.labels).not.toHaveProperty("kueue.x-k8s.io/queue-name");
    expect(findPodTemplate(name).spec?.containers[0]?.resources?.limits).not.toHaveProperty("amd.com/gpu");
  });

  it("is not queued itself: it would hold devices while it waits", () => {
    expect(jobSet.metadata.labels).not.toHaveProperty("kueue.x-k8s.io/queue-name");
  });

  it("lets only the publisher talk to the API server", () => {
    const tokens = jobSet.spec.replicatedJobs.filter(
      ({ name }) => findPodTemplate(name).spec?.automountServiceAccountToken,
    );
    expect(tokens.map(({ name }) => name)).toEqual(["publish"]);
    expect(findPodTemplate("publish").spec?.serviceAccountName).toBe("publish");
  });

  it("tells every pod where its input lies and where its scores go", () => {
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

  it("waits for benchmarks in folders of their own apart, so that the one that is there is scored", () => {
    const benchmarks = { own: "/store/inputs/benchmarks", made: { sib200: "/store/benchmarks/sib200-1" } };
    const jobs = buildEvaluationJobSet(
      buildEvaluation({ subject: buildRunSubject(run), settings, benchmarks, cluster: emulatedCluster }),
      emulatedCluster,
      "dev",
    ).spec.replicatedJobs;
    const waits = jobs.map(({ name, dependsOn = [], template }) => [
      name,
      dependsOn.map((job) => job.name),
      template.spec.template.spec?.containers[0]?.args,
    ]);
    expect(waits).toEqual([
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

  it("asks for a GPU by name where nodes have them, in each benchmark and nowhere else, and its name does not tell", () => {
    const onGpus = buildEvaluationJobSet(evaluation, gpuCluster, "dev");
    const asking = onGpus.spec.replicatedJobs.filter((job) => JSON.stringify(job).includes("device: gpu"));
    expect(asking.map(({ name }) => name)).toEqual(["sib200", "flores200"]);
    expect(JSON.stringify(jobSet)).not.toContain("device: gpu");
    expect(onGpus.metadata.name).toBe(jobSet.metadata.name);
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

  it("tells the publisher on how many devices at once the run trained, so that its GPU-hours can be told", () => {
    const wide = buildEvaluationJobSet(
      { ...evaluation, subject: buildRunSubject({ ...run, world: { nodes: 2, processesPerNode: 8 } }) },
      emulatedCluster,
      "dev",
    );
    expect(parseJobSpec("publish")).toMatchObject({ devices: run.world.nodes * run.world.processesPerNode });
    expect(JSON.stringify(wide)).toContain("devices: 16");
    expect(wide.metadata.name).toBe(jobSet.metadata.name);
  });

  it("has pods whose names are DNS labels", () => {
    const longest = jobSet.spec.replicatedJobs.map(({ name }) => `${jobSet.metadata.name}-${name}-0-0-abcde`.length);
    expect(Math.max(...longest)).toBeLessThanOrEqual(63);
  });

  it("says nothing of a training where a base model is scored", () => {
    const subject = buildBaseModelSubject({
      family,
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
  });
});
