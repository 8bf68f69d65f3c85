import type { TaskFiles } from "../data/index.ts";
import { getTaskFolder } from "../data/index.ts";
import { computeContentHash } from "../kube/contentHash.ts";
import { buildHashedName, computePodSuffixLength } from "../kube/objectNames.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { selectComputingDevice } from "../kube/clusterOutputs.ts";
import { awaitCheckpointJobName } from "./evaluationJobNames.ts";
import type { BenchmarkSettings, EvaluationSettings } from "./evaluationSettings.ts";
import type { IdentificationSettings } from "./identificationSettings.ts";
import { isIdentification } from "./identificationSettings.ts";
import type { EvaluationSubject } from "./evaluationSubject.ts";
import { buildRunSubjects } from "./evaluationSubject.ts";
import type { Run } from "../train/index.ts";

/** The evaluation of one benchmark that asks the model, with every input by value. */
export interface AskedEvaluation {
  readonly settings: BenchmarkSettings;
  /** Path of its task files in the store. */
  readonly files: string;
  /** Path of its scores in the store. It changes with the settings of this benchmark, but not with those of others. */
  readonly scores: string;
  /** Number of pods; each takes every n-th language (and direction), which does not change the scores. */
  readonly shards: number;
}

/** The evaluation of the translations that another benchmark has kept, by one pod without a device. */
export interface IdentificationEvaluation {
  readonly settings: IdentificationSettings;
  /** Path of the model that identifies languages. The model in the image has none: then that of the task files. */
  readonly files: string;
  /** Path of the translations, which is that of their scores. */
  readonly translations: string;
  readonly scores: string;
  readonly shards: 1;
}

export type BenchmarkEvaluation = AskedEvaluation | IdentificationEvaluation;

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

/** Builds the evaluation of a benchmark that asks the model. */
function buildAskedBenchmark(
  [name, settings]: [string, BenchmarkSettings],
  { subject, benchmarks, cluster }: EvaluationInput,
): AskedEvaluation {
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

/** Builds the evaluation of translations, whose scores have the name of those translations in their own. */
function buildIdentification(
  [name, settings]: [string, IdentificationSettings],
  { files, scores: translations }: AskedEvaluation,
  { subject, benchmarks, cluster }: EvaluationInput,
): IdentificationEvaluation {
  const hash = computeContentHash({ translations, settings });
  return {
    settings,
    files: benchmarks.made[name] ?? files,
    translations,
    scores: `${cluster.store.mount}/scores/${subject.folder}/${name}-${hash}`,
    shards: 1,
  };
}

/** Builds the evaluations of all benchmarks, by name; those of translations come after those that translate. */
function buildBenchmarks(input: EvaluationInput): Record<string, BenchmarkEvaluation> {
  const asked = new Map<string, AskedEvaluation>();
  const identifications: [string, IdentificationEvaluation][] = [];
  for (const [name, settings] of Object.entries(input.settings)) {
    if (!isIdentification(settings)) asked.set(name, buildAskedBenchmark([name, settings], input));
  }
  for (const [name, settings] of Object.entries(input.settings)) {
    const translations = isIdentification(settings) && asked.get(settings.question.translations);
    if (translations) identifications.push([name, buildIdentification([name, settings], translations, input)]);
  }
  return Object.fromEntries([...asked, ...identifications]);
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
  const benchmarks = buildBenchmarks(input);
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
