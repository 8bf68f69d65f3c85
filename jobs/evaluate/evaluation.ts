import type { TaskFiles } from "../data/index.ts";
import { getTaskFolder } from "../data/index.ts";
import { computeContentHash } from "../kube/contentHash.ts";
import { buildDnsName, computePodSuffixLength, formatScoresName } from "../kube/objectNames.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { awaitCheckpointJobName } from "./evaluationJobNames.ts";
import type { BenchmarkSettings, EvaluationSettings } from "./evaluationSettings.ts";
import type { EvaluationSubject } from "./evaluationSubject.ts";

/** One benchmark, with every input by value. */
export interface BenchmarkEvaluation {
  readonly settings: BenchmarkSettings;
  /** Paths in the store: its task files, and its scores in the folder of the run. Asked otherwise, it has another folder; the others keep theirs. */
  readonly files: string;
  readonly scores: string;
  /** Pods; each takes every n-th language (and direction). They do not change the scores. */
  readonly shards: number;
}

/** The evaluation of one model, with every input by value. */
export interface Evaluation {
  /** `eval-tiny-bi-code-stag-93a0b1c2`: the hash changes with whatever changes the scores. */
  readonly name: string;
  readonly subject: EvaluationSubject;
  /** By name, in the order in which they are asked. */
  readonly benchmarks: Readonly<Record<string, BenchmarkEvaluation>>;
  /** Hash of all settings, whatever answers them. */
  readonly evaluationHash: string;
  readonly image: string;
  readonly configMap: string;
}

export interface EvaluationInput {
  readonly subject: EvaluationSubject;
  readonly benchmarks: TaskFiles;
  readonly cluster: ClusterOutputs;
  /** What is asked and how. */
  readonly settings: EvaluationSettings;
}

/** As many pods as there are units, up to a node's devices. A pod on an emulated device is already a whole core. */
function countShards({ languages, directions }: BenchmarkSettings, { hardware }: ClusterOutputs): number {
  return hardware.emulated ? 1 : Math.min(languages.length * (directions?.length ?? 1), hardware.devicesPerNode);
}

function buildBenchmarkEvaluation(
  [name, settings]: [string, BenchmarkSettings],
  { subject, benchmarks, cluster }: EvaluationInput,
): BenchmarkEvaluation {
  const files = getTaskFolder(benchmarks, name);
  const hash = computeContentHash({ checkpoint: subject.checkpoint, files, settings, image: cluster.images.evaluate });
  return {
    settings,
    files,
    scores: `${cluster.store.mount}/scores/${subject.folder}/${name}-${hash}`,
    shards: countShards(settings, cluster),
  };
}

export function buildEvaluation(input: EvaluationInput): Evaluation {
  const { subject, cluster, settings } = input;
  const { run, slug, owner } = subject;
  const benchmarks = Object.fromEntries(
    Object.entries(settings).map((entry) => [entry[0], buildBenchmarkEvaluation(entry, input)]),
  );
  const hash = computeContentHash(Object.values(benchmarks).map(({ scores }) => scores));
  return {
    name: buildDnsName(
      ["eval", slug, owner === undefined ? hash : computeContentHash({ owner, hash })],
      computePodSuffixLength(awaitCheckpointJobName),
    ),
    subject,
    benchmarks,
    evaluationHash: computeContentHash(settings),
    image: cluster.images.evaluate,
    configMap: formatScoresName(run),
  };
}
