import { stringify } from "yaml";
import { awaitCommand, awaitResources } from "../kube/await.ts";
import { deviceOf } from "../kube/device.ts";
import { jobSpec } from "../kube/job.ts";
import type { Identity } from "../kube/labels.ts";
import { annotationsOf, askedAnnotation, kindLabel, labelsOf, runMetadata } from "../kube/labels.ts";
import type { JobSetManifest, ReplicatedJob } from "../kube/manifests.ts";
import type { ClusterOutputs } from "../kube/outputs.ts";
import type { Resources, Work } from "../kube/restrictedPod.ts";
import type { BenchmarkEvaluation, Evaluation } from "./evaluation.ts";
import { awaitCheckpointJob, awaitFilesJob, publishJob } from "./jobNames.ts";

const command = "mixcpt-evaluate";

/** Its Role may write ConfigMaps; the cluster stack makes both. */
const publishAccount = "publish";

const publishResources: Resources = { cpu: "100m", memory: "256Mi" };

interface Context {
  evaluation: Evaluation;
  cluster: ClusterOutputs;
  identity: Identity;
}

const after = (...names: string[]) => names.map((name) => ({ name, status: "Complete" as const }));

type Named = readonly [name: string, benchmark: BenchmarkEvaluation];

/** Where all task files lie in one folder, they are waited for with the checkpoint. */
const haveOneFolder = ({ benchmarks }: Evaluation): boolean => new Set(Object.values(benchmarks).map(({ files }) => files)).size === 1;

/** Benchmarks in folders of their own are waited for apart: while one is not there, the other is scored. */
function awaitJobs(evaluation: Evaluation): [name: string, paths: string[]][] {
  const { subject: { checkpoint }, benchmarks } = evaluation;
  const files = Object.entries(benchmarks).map(([name, benchmark]): [string, string[]] => [awaitFilesJob(name), [benchmark.files]]);
  if (haveOneFolder(evaluation)) return [[awaitCheckpointJob, [checkpoint, ...files.slice(0, 1).flatMap(([, paths]) => paths)]]];
  return [[awaitCheckpointJob, [checkpoint]], ...files];
}

const awaitedBy = (name: string, evaluation: Evaluation): string[] =>
  haveOneFolder(evaluation) ? [awaitCheckpointJob] : [awaitCheckpointJob, awaitFilesJob(name)];

function awaiting([name, args]: [string, string[]], { evaluation, cluster, identity }: Context): ReplicatedJob {
  const work: Work = {
    name: "await",
    image: evaluation.image,
    command: [awaitCommand],
    args,
    resources: awaitResources,
    store: cluster.store,
  };
  return { name, template: { spec: jobSpec({ identity, work }) } };
}

function benchmarkSpec([name, { settings, files, scores, shards }]: Named, { evaluation: { subject }, cluster }: Omit<Context, "identity">): string {
  const { question, ...asked } = settings;
  const own = question === undefined ? {} : { benchmark: { name, ...question } };
  return stringify({ checkpoint: subject.checkpoint, benchmarks: files, output: scores, shards, ...deviceOf(cluster), ...asked, ...own });
}

function evaluatorResources({ hardware }: ClusterOutputs): Resources {
  return hardware.emulated ? { cpu: "500m", memory: "1536Mi", devices: 1 } : { cpu: "4", memory: "48Gi", devices: 1 };
}

/** The study's benchmarks are commands of the evaluator, each by its name; any other is asked by its kind. */
function benchmark([name, asked]: Named, { evaluation, cluster, identity }: Context): ReplicatedJob {
  const work: Work = {
    name: "evaluate",
    image: evaluation.image,
    command: [command],
    args: [asked.settings.question?.kind ?? name],
    env: { OMP_NUM_THREADS: "1", HF_HUB_OFFLINE: "1", MIXCPT_SPEC: benchmarkSpec([name, asked], { evaluation, cluster }) },
    resources: evaluatorResources(cluster),
    store: cluster.store,
    sharedMemory: "64Mi",
    ...(cluster.hardware.deviceGroups !== undefined && { groups: cluster.hardware.deviceGroups }),
  };
  const spec = jobSpec({ identity, work, queue: cluster.queues.gpu, shards: asked.shards });
  return { name, dependsOn: after(...awaitedBy(name, evaluation)), template: { spec } };
}

function publishSpec({ evaluation, cluster, identity }: Context): string {
  const { subject, benchmarks, configMap, image } = evaluation;
  return stringify({
    run: subject.run,
    cell: subject.id,
    scores: Object.values(benchmarks).map(({ scores }) => scores),
    ...(subject.training !== undefined && { runDirectory: subject.training.directory, devices: subject.training.devices }),
    checkpoint: subject.checkpoint,
    image: subject.image,
    evaluationImage: image,
    configMap: {
      namespace: cluster.namespace,
      name: configMap,
      labels: { ...labelsOf(identity), [kindLabel]: "scores" },
      annotations: { ...annotationsOf(identity), [askedAnnotation]: evaluation.asked },
    },
  });
}

function publish(context: Context): ReplicatedJob {
  const work: Work = {
    name: "publish",
    image: context.evaluation.image,
    command: [command],
    args: ["publish"],
    env: { MIXCPT_SPEC: publishSpec(context) },
    resources: publishResources,
    store: context.cluster.store,
    serviceAccount: publishAccount,
  };
  const spec = jobSpec({ identity: context.identity, work });
  return { name: publishJob, dependsOn: after(...Object.keys(context.evaluation.benchmarks)), template: { spec } };
}

/** The JobSet of an evaluation. It is not queued itself: the pods of its benchmarks are, each for itself. */
export function evaluationJobSet(evaluation: Evaluation, cluster: ClusterOutputs, stack: string): JobSetManifest {
  const { id, slug, run } = evaluation.subject;
  const benchmarks = Object.entries(evaluation.benchmarks);
  const context: Context = { evaluation, cluster, identity: { stack, step: "evaluate", cell: { id, slug, run } } };
  return {
    apiVersion: "jobset.x-k8s.io/v1alpha2",
    kind: "JobSet",
    metadata: runMetadata(evaluation.name, cluster.namespace, context.identity),
    spec: {
      replicatedJobs: [...awaitJobs(evaluation).map((wait) => awaiting(wait, context)), ...benchmarks.map((one) => benchmark(one, context)), publish(context)],
    },
  };
}
