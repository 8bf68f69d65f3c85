import type { TaskFiles } from "../data/index.ts";
import { getTaskFolder } from "../data/index.ts";
import { computeContentHash } from "../kube/contentHash.ts";
import { buildHashedName, computePodSuffixLength } from "../kube/objectNames.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { selectComputingDevice } from "../kube/clusterOutputs.ts";
import { awaitCheckpointJobName } from "./evaluationJobNames.ts";
import type { BenchmarkSettings, EvaluationSettings } from "./evaluationSettings.ts";
import type { EvaluationSubject } from "./evaluationSubject.ts";
import { buildRunSubjects } from "./evaluationSubject.ts";
import type { Run } from "../train/index.ts";

/** The evaluation of one benchmark, with every input by value. */
export interface BenchmarkEvaluation {
  readonly settings: BenchmarkSettings;
  /** Path of its task files in the store. */
  readonly files: string;
  /** Path of its scores in the store. It changes with the settings of this benchmark, but not with those of others. */
  readonly scores: string;
  /** Number of pods; each takes every n-th language (and direction), which does not change the scores. */
  readonly shards: number;
}

/** The evaluation of one model, with every input by value. */
export interface Evaluation {
  /** `eval-tiny-bi-code-stag-93a0b1c2`: the hash changes with whatever changes the scores. */
  readonly name: string;
  readonly subject: EvaluationSubject;
  /** Benchmarks by name, in the order of their Jobs. */
  readonly benchmarks: Readonly<Record<string, BenchmarkEvaluation>>;
  /** Hash of all settings, but of no model. */
  readonly evaluationHash: string;
  readonly image: string;
  readonly configMap: string;
}

interface EvaluationInput {
  readonly subject: EvaluationSubject;
  readonly benchmarks: TaskFiles;
  readonly cluster: ClusterOutputs;
  readonly settings: EvaluationSettings;
}

/** One pod per language and direction, up to a node's devices; emulated, one, because a pod uses a whole core. */
function countShards({ languages, directions }: BenchmarkSettings, { hardware }: ClusterOutputs): number {
  return hardware.emulated ? 1 : Math.min(languages.length * (directions?.length ?? 1), hardware.devicesPerNode);
}

function buildBenchmarkEvaluation(
  [name, settings]: [string, BenchmarkSettings],
  { subject, benchmarks, cluster }: EvaluationInput,
): BenchmarkEvaluation {
  const files = getTaskFolder(benchmarks, name);
  const hash = computeContentHash({
    checkpoint: subject.checkpoint,
    files,
    settings,
    device: selectComputingDevice(cluster),
    code: cluster.code.evaluate,
  });
  return {
    settings,
    files,
    scores: `${cluster.store.mount}/scores/${subject.folder}/${name}-${hash}`,
    shards: countShards(settings, cluster),
  };
}

/** The evaluations of a run: that of its last evaluated checkpoint, which has the cell's score, and earlier ones. */
export interface RunEvaluations {
  readonly evaluation: Evaluation;
  readonly earlierEvaluations: readonly Evaluation[];
}

/** Builds an evaluation for each evaluated checkpoint of a run. */
export function buildRunEvaluations(run: Run, input: Omit<EvaluationInput, "subject">): RunEvaluations {
  const evaluations = buildRunSubjects(run).map((subject) => buildEvaluation({ ...input, subject }));
  const evaluation = evaluations.pop();
  if (evaluation === undefined) throw new RangeError(`${run.name}: no checkpoint is evaluated`);
  return { evaluation, earlierEvaluations: evaluations };
}

/**
 * Builds the evaluation of a subject. Its name has a hash of all scores and of where they are published, because an
 * existing JobSet keeps that, and of the owner if the subject has one.
 */
export function buildEvaluation(input: EvaluationInput): Evaluation {
  const { subject, cluster, settings } = input;
  const { slug, owner, configMap } = subject;
  const benchmarks = Object.fromEntries(
    Object.entries(settings).map((entry) => [entry[0], buildBenchmarkEvaluation(entry, input)]),
  );
  const scores = Object.values(benchmarks).map((benchmark) => benchmark.scores);
  const hash = computeContentHash({ scores, configMap });
  return {
    name: buildHashedName(
      ["eval", slug, owner === undefined ? hash : computeContentHash({ owner, hash })],
      computePodSuffixLength(awaitCheckpointJobName),
    ),
    subject,
    benchmarks,
    evaluationHash: computeContentHash(settings),
    image: cluster.images.evaluate,
    configMap,
  };
}
