import type { TaskFiles } from "../data/index.ts";
import { contentHash } from "../kube/hash.ts";
import { dnsName, podSuffixLength } from "../kube/names.ts";
import type { ClusterOutputs } from "../kube/outputs.ts";
import type { AnyCell, BenchmarkChanges } from "../matrix/index.ts";
import type { Run } from "../train/index.ts";
import { checkpointPath } from "../train/index.ts";
import type { BenchmarkName, BenchmarkSettings, EvaluationSettings } from "./settings.ts";
import { miniatureEvaluation, studyEvaluation } from "./settings.ts";

/** First job of an evaluation: waits, without a GPU, for what is evaluated. */
export const awaitCheckpointJob = "await-checkpoint";

/** The evaluation of one run's checkpoint, with every input by value. */
export interface Evaluation {
  /** `eval-tiny-bi-code-stag-93a0b1c2`: the hash changes with whatever changes the scores. */
  name: string;
  run: Run;
  checkpoint: string;
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
  run: Run;
  benchmarks: TaskFiles;
  cluster: ClusterOutputs;
  /** What is asked and how; that of the cell's family where it is left out. */
  settings?: EvaluationSettings;
}

/** Models of the hub are asked what the study asked; a model of random weights, what a CPU can answer. A stack may ask otherwise. */
export function evaluationSettings(cell: AnyCell, changes?: BenchmarkChanges): EvaluationSettings {
  const { sib200, flores200 } = cell.parts.family.base === undefined ? miniatureEvaluation(cell) : studyEvaluation(cell);
  return { sib200: { ...sib200, ...changes?.sib200 }, flores200: { ...flores200, ...changes?.flores200 } };
}

/** As many pods as there are units, up to a node's devices. A pod on an emulated device is already a whole core. */
function shardsOf({ languages, directions }: BenchmarkSettings, { hardware }: ClusterOutputs): number {
  return hardware.emulated ? 1 : Math.min(languages.length * (directions?.length ?? 1), hardware.devicesPerNode);
}

export function planEvaluation({ run, benchmarks, cluster, settings = evaluationSettings(run.cell) }: EvaluationInput): Evaluation {
  const checkpoint = checkpointPath(run, run.finalCheckpoint);
  const image = cluster.images.evaluate;
  const hash = contentHash({ checkpoint, benchmarks, settings, image });
  return {
    name: dnsName(["eval", run.cell.slug, hash], podSuffixLength(awaitCheckpointJob)),
    run,
    checkpoint,
    benchmarks,
    scores: `${cluster.store.mount}/scores/${run.name}/${hash}`,
    settings,
    shards: { sib200: shardsOf(settings.sib200, cluster), flores200: shardsOf(settings.flores200, cluster) },
    image,
    configMap: `scores-${run.name}`,
  };
}
