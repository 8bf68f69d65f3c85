import { stringify } from "yaml";
import { folderOf } from "../data/index.ts";
import { awaitCommand, awaitResources } from "../kube/await.ts";
import { jobSpec } from "../kube/job.ts";
import type { Identity } from "../kube/labels.ts";
import { annotationsOf, kindLabel, labelsOf, runMetadata } from "../kube/labels.ts";
import type { JobSetManifest, ReplicatedJob } from "../kube/manifests.ts";
import type { ClusterOutputs } from "../kube/outputs.ts";
import type { Resources, Work } from "../kube/restrictedPod.ts";
import type { Evaluation } from "./evaluation.ts";
import { awaitCheckpointJob } from "./evaluation.ts";
import type { BenchmarkName } from "./settings.ts";
import { benchmarkNames } from "./settings.ts";

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

const awaitBenchmarkJob = (name: BenchmarkName): string => `await-${name}`;

/** Benchmarks in folders of their own are waited for apart: while one is not there, the other is scored. */
function awaitJobs({ subject: { checkpoint }, benchmarks }: Evaluation): [name: string, paths: string[]][] {
  if (typeof benchmarks === "string") return [[awaitCheckpointJob, [checkpoint, benchmarks]]];
  return [[awaitCheckpointJob, [checkpoint]], ...benchmarkNames.map((name): [string, string[]] => [awaitBenchmarkJob(name), [benchmarks[name]]])];
}

const awaitedBy = (name: BenchmarkName, { benchmarks }: Evaluation): string[] =>
  typeof benchmarks === "string" ? [awaitCheckpointJob] : [awaitCheckpointJob, awaitBenchmarkJob(name)];

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

function benchmarkSpec(name: BenchmarkName, { subject, benchmarks, scores, settings, shards }: Evaluation): string {
  return stringify({ checkpoint: subject.checkpoint, benchmarks: folderOf(benchmarks, name), output: `${scores}/${name}`, shards: shards[name], ...settings[name] });
}

function evaluatorResources({ hardware }: ClusterOutputs): Resources {
  return hardware.emulated ? { cpu: "500m", memory: "1536Mi", devices: 1 } : { cpu: "4", memory: "48Gi", devices: 1 };
}

function benchmark(name: BenchmarkName, { evaluation, cluster, identity }: Context): ReplicatedJob {
  const work: Work = {
    name: "evaluate",
    image: evaluation.image,
    command: [command],
    args: [name],
    env: { OMP_NUM_THREADS: "1", HF_HUB_OFFLINE: "1", MIXCPT_SPEC: benchmarkSpec(name, evaluation) },
    resources: evaluatorResources(cluster),
    store: cluster.store,
    sharedMemory: "64Mi",
    ...(cluster.hardware.deviceGroups !== undefined && { groups: cluster.hardware.deviceGroups }),
  };
  const spec = jobSpec({ identity, work, queue: cluster.queues.gpu, shards: evaluation.shards[name] });
  return { name, dependsOn: after(...awaitedBy(name, evaluation)), template: { spec } };
}

function publishSpec({ evaluation, cluster, identity }: Context): string {
  const { subject, scores, configMap, image } = evaluation;
  return stringify({
    run: subject.run,
    cell: subject.id,
    scores,
    ...(subject.training !== undefined && { runDirectory: subject.training.directory, devices: subject.training.devices }),
    checkpoint: subject.checkpoint,
    image: subject.image,
    evaluationImage: image,
    configMap: {
      namespace: cluster.namespace,
      name: configMap,
      labels: { ...labelsOf(identity), [kindLabel]: "scores" },
      annotations: annotationsOf(identity),
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
  return { name: "publish", dependsOn: after(...benchmarkNames), template: { spec } };
}

/** The JobSet of an evaluation. It is not queued itself: the pods of its benchmarks are, each for itself. */
export function evaluationJobSet(evaluation: Evaluation, cluster: ClusterOutputs, stack: string): JobSetManifest {
  const { id, slug, run } = evaluation.subject;
  const context: Context = { evaluation, cluster, identity: { stack, step: "evaluate", cell: { id, slug, run } } };
  return {
    apiVersion: "jobset.x-k8s.io/v1alpha2",
    kind: "JobSet",
    metadata: runMetadata(evaluation.name, cluster.namespace, context.identity),
    spec: {
      replicatedJobs: [...awaitJobs(evaluation).map((wait) => awaiting(wait, context)), ...benchmarkNames.map((name) => benchmark(name, context)), publish(context)],
    },
  };
}
