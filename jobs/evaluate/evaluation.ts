import type { TaskFiles } from "../data/index.ts";
import { contentHash } from "../kube/hash.ts";
import { dnsName, podSuffixLength } from "../kube/names.ts";
import type { ClusterOutputs } from "../kube/outputs.ts";
import type { BenchmarkName, BenchmarkSettings, EvaluationSettings } from "./settings.ts";
import type { Subject } from "./subject.ts";

/** First job of an evaluation: waits, without a GPU, for what is evaluated. */
export const awaitCheckpointJob = "await-checkpoint";

/** The evaluation of one model, with every input by value. */
export interface Evaluation {
  /** `eval-tiny-bi-code-stag-93a0b1c2`: the hash changes with whatever changes the scores. */
  name: string;
  subject: Subject;
  benchmarks: TaskFiles;
  /** Path in the store: one folder per evaluation in the folder of its run. */
  scores: string;
  settings: EvaluationSettings;
  /** Pods of each benchmark; a shard takes every n-th language (and direction). They do not change the scores. */
  shards: Readonly<Record<BenchmarkName, number>>;
  image: string;
  configMap: string;
}

export interface EvaluationInput {
  subject: Subject;
  benchmarks: TaskFiles;
  cluster: ClusterOutputs;
  /** What is asked and how. */
  settings: EvaluationSettings;
}

/** As many pods as there are units, up to a node's devices. A pod on an emulated device is already a whole core. */
function shardsOf({ languages, directions }: BenchmarkSettings, { hardware }: ClusterOutputs): number {
  return hardware.emulated ? 1 : Math.min(languages.length * (directions?.length ?? 1), hardware.devicesPerNode);
}

export function planEvaluation({ subject, benchmarks, cluster, settings }: EvaluationInput): Evaluation {
  const { checkpoint, run, slug, owner } = subject;
  const image = cluster.images.evaluate;
  const hash = contentHash({ checkpoint, benchmarks, settings, image });
  return {
    name: dnsName(["eval", slug, owner === undefined ? hash : contentHash({ owner, hash })], podSuffixLength(awaitCheckpointJob)),
    subject,
    benchmarks,
    scores: `${cluster.store.mount}/scores/${run}/${hash}`,
    settings,
    shards: { sib200: shardsOf(settings.sib200, cluster), flores200: shardsOf(settings.flores200, cluster) },
    image,
    configMap: `scores-${run}`,
  };
}
