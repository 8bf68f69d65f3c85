import { stringify } from "yaml";
import { buildAwaitJob } from "../kube/awaitJob.ts";
import { selectComputingDevice, selectDevice, selectWorkNodes } from "../kube/clusterOutputs.ts";
import { buildJobSpec } from "../kube/jobSpec.ts";
import type { ObjectIdentity } from "../kube/objectLabels.ts";
import {
  buildAnnotations,
  evaluationHashAnnotation,
  kindLabel,
  buildLabels,
  buildRunMetadata,
} from "../kube/objectLabels.ts";
import type { JobSetManifest, ReplicatedJob } from "../kube/manifestTypes.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { computeDeviceCores } from "../kube/cpuShare.ts";
import { cacheVariables, evaluationSharedMemory } from "../kube/podEnvironment.ts";
import { evaluationPriorities, formatPriorityClass } from "../kube/priorities.ts";
import { selectPlacement } from "../kube/podSettings.ts";
import type { PodResources, PodSpecInput } from "../kube/restrictedPod.ts";
import type { AskedEvaluation, BenchmarkEvaluation, Evaluation, IdentificationEvaluation } from "./evaluation.ts";
import { awaitCheckpointJobName, formatAwaitJobName, publishJobName } from "./evaluationJobNames.ts";
import { evaluatorCommand, evaluatorFields } from "./evaluatorCommand.ts";
import { buildIdentificationPod } from "./identificationPod.ts";
import { selectScoreFolders } from "./scoreFolders.ts";

const publishResources: PodResources = { cpu: "100m", memory: "256Mi" };

interface EvaluationContext {
  readonly evaluation: Evaluation;
  readonly cluster: ClusterOutputs;
  readonly identity: ObjectIdentity;
}

function dependOnCompletion(...names: string[]) {
  return names.map((name) => ({ name, status: "Complete" as const }));
}

type NamedBenchmark = readonly [name: string, benchmark: BenchmarkEvaluation];

/** Returns true if one Job can wait for the checkpoint and the task files, because one folder holds all of them. */
function hasSharedTaskFolder({ benchmarks }: Evaluation): boolean {
  return new Set(Object.values(benchmarks).map(({ files }) => files)).size === 1;
}

/** Lists the Jobs that wait. Benchmarks in separate folders have one each, so that a missing one delays no other. */
function listAwaitJobs(evaluation: Evaluation): [name: string, paths: string[]][] {
  const {
    subject: { checkpoint },
    benchmarks,
  } = evaluation;
  const files = Object.entries(benchmarks).map(([name, benchmark]): [string, string[]] => [
    formatAwaitJobName(name),
    [benchmark.files],
  ]);
  if (hasSharedTaskFolder(evaluation))
    return [[awaitCheckpointJobName, [checkpoint, ...files.slice(0, 1).flatMap(([, paths]) => paths)]]];
  return [[awaitCheckpointJobName, [checkpoint]], ...files];
}

function listPrerequisiteJobs([name, benchmark]: NamedBenchmark, evaluation: Evaluation): string[] {
  const translating = "translations" in benchmark ? [benchmark.settings.question.translations] : [];
  return hasSharedTaskFolder(evaluation)
    ? [awaitCheckpointJobName, ...translating]
    : [awaitCheckpointJobName, formatAwaitJobName(name), ...translating];
}

function renderBenchmarkSpec(
  [name, { settings, files, scores, shards }]: readonly [string, AskedEvaluation],
  { evaluation: { subject }, cluster }: Omit<EvaluationContext, "identity">,
): string {
  const { question, ...commonSettings } = settings;
  const addedSettings = question === undefined ? {} : { benchmark: { name, ...question } };
  return stringify({
    checkpoint: subject.checkpoint,
    benchmarks: files,
    output: scores,
    shards,
    ...selectDevice(cluster),
    ...commonSettings,
    ...addedSettings,
    ...(settings.backend.kind === "vllm" && cluster.serving !== undefined && { serving: cluster.serving }),
  });
}

function selectEvaluatorResources({ hardware }: ClusterOutputs): PodResources {
  return hardware.emulated
    ? { cpu: "500m", memory: "1536Mi", devices: 1 }
    : { cpu: String(computeDeviceCores(1, hardware)), memory: "48Gi", devices: 1 };
}

/** Builds the Job of a benchmark. The evaluator has a command for each of the study's, and one per kind for others. */
function buildBenchmarkJob(
  [name, benchmark]: readonly [string, AskedEvaluation],
  { evaluation, cluster, identity }: EvaluationContext,
): ReplicatedJob {
  const work: PodSpecInput = {
    name: "evaluate",
    image: evaluation.image,
    command: [evaluatorCommand],
    args: [benchmark.settings.question?.kind ?? name],
    env: {
      ...cacheVariables,
      OMP_NUM_THREADS: "1",
      HF_HUB_OFFLINE: "1",
      MIXCPT_SPEC: renderBenchmarkSpec([name, benchmark], { evaluation, cluster }),
    },
    fields: evaluatorFields,
    resources: selectEvaluatorResources(cluster),
    store: cluster.store,
    writes: selectScoreFolders([benchmark.scores, cluster.pods.evaluation], cluster),
    nodes: selectWorkNodes(cluster),
    sharedMemory: evaluationSharedMemory,
    ...(cluster.pods.evaluation && { settings: cluster.pods.evaluation }),
    ...(cluster.hardware.deviceGroups !== undefined && { groups: cluster.hardware.deviceGroups }),
  };
  const { subject } = evaluation;
  const { base, cell } = evaluationPriorities;
  const priority = formatPriorityClass(cluster, subject.training === undefined ? base : cell);
  const spec = buildJobSpec({ identity, work, queue: cluster.queues.gpu, priority, shards: benchmark.shards });
  const prerequisites = listPrerequisiteJobs([name, benchmark], evaluation);
  return { name, dependsOn: dependOnCompletion(...prerequisites), template: { spec } };
}

/** Builds the Job that identifies the language of translations, without a device. */
function buildIdentificationJob(
  [name, benchmark]: readonly [string, IdentificationEvaluation],
  { evaluation, cluster, identity }: EvaluationContext,
): ReplicatedJob {
  const work = buildIdentificationPod([name, benchmark], { evaluation, cluster });
  const spec = buildJobSpec({ identity, work, queue: cluster.queues.cpu });
  const prerequisites = listPrerequisiteJobs([name, benchmark], evaluation);
  return { name, dependsOn: dependOnCompletion(...prerequisites), template: { spec } };
}

/** The units of a benchmark that must have scores, in the folder of the scores. */
function listExpectedUnits([name, { scores, settings }]: NamedBenchmark) {
  const { languages, directions } = settings;
  return { scores, benchmark: name, languages, ...(directions !== undefined && { directions }) };
}

function renderPublishSpec({ evaluation, cluster, identity }: EvaluationContext): string {
  const { subject, benchmarks, configMap, image } = evaluation;
  return stringify({
    run: subject.run,
    cell: subject.id,
    scores: Object.values(benchmarks).map(({ scores }) => scores),
    expected: Object.entries(benchmarks).map(listExpectedUnits),
    ...(subject.training !== undefined && {
      runDirectory: subject.training.directory,
      devices: subject.training.devices,
      tokensPerStep: subject.training.tokensPerStep,
    }),
    checkpoint: subject.checkpoint,
    image: subject.image,
    evaluationImage: image,
    configMap: {
      namespace: cluster.namespace,
      name: configMap,
      labels: { ...buildLabels(identity), [kindLabel]: "scores" },
      annotations: { ...buildAnnotations(identity), [evaluationHashAnnotation]: evaluation.evaluationHash },
    },
  });
}

function buildPublishJob(context: EvaluationContext): ReplicatedJob {
  const work: PodSpecInput = {
    name: "publish",
    image: context.cluster.images.store,
    command: [evaluatorCommand],
    args: ["publish"],
    env: { MIXCPT_SPEC: renderPublishSpec(context) },
    resources: publishResources,
    store: context.cluster.store,
    writes: "nothing",
    serviceAccount: context.cluster.account,
    settings: selectPlacement(context.cluster.pods.evaluation),
  };
  const spec = buildJobSpec({ identity: context.identity, work });
  return {
    name: publishJobName,
    dependsOn: dependOnCompletion(...Object.keys(context.evaluation.benchmarks)),
    template: { spec },
  };
}

/** Builds the JobSet of an evaluation. It is not queued itself; each pod of its benchmarks is. */
export function buildEvaluationJobSet(evaluation: Evaluation, cluster: ClusterOutputs, stack: string): JobSetManifest {
  const { id, slug, run } = evaluation.subject;
  const benchmarks = Object.entries(evaluation.benchmarks);
  const context: EvaluationContext = {
    evaluation,
    cluster,
    identity: {
      stack,
      step: "evaluate",
      cell: { id, slug, run },
      computedBy: { code: cluster.code.evaluate, device: selectComputingDevice(cluster) },
    },
  };
  return {
    apiVersion: "jobset.x-k8s.io/v1alpha2",
    kind: "JobSet",
    metadata: buildRunMetadata(evaluation.name, cluster.namespace, context.identity),
    spec: {
      replicatedJobs: [
        ...listAwaitJobs(evaluation).map(([name, paths]) =>
          buildAwaitJob({ name, work: "evaluate", paths, settings: cluster.pods.evaluation }, context),
        ),
        ...benchmarks.map(([name, benchmark]) =>
          "translations" in benchmark
            ? buildIdentificationJob([name, benchmark], context)
            : buildBenchmarkJob([name, benchmark], context),
        ),
        buildPublishJob(context),
      ],
    },
  };
}
