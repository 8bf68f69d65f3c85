import { contentHash } from "../kube/hash.ts";
import { dnsName, podSuffixLength } from "../kube/names.ts";
import type { ClusterOutputs } from "../kube/outputs.ts";
import { families } from "../matrix/index.ts";
import type { Run } from "../train/index.ts";
import { checkpointPath } from "../train/index.ts";
import type { BenchmarkName, BenchmarkSettings } from "./settings.ts";
import { miniatureEvaluation, studyEvaluation } from "./settings.ts";

/** First job of an evaluation: waits, without a GPU, for what is evaluated. */
export const awaitCheckpointJob = "await-checkpoint";

/** The evaluation of one run's checkpoint, with every input by value. */
export interface Evaluation {
  /** `eval-tiny-bi-code-stag-93a0b1c2`: the hash changes with whatever changes the scores. */
  name: string;
  run: Run;
  checkpoint: string;
  /** Path in the store of the task files. */
  benchmarks: string;
  /** Path in the store: one folder per evaluation in the folder of its run. */
  scores: string;
  settings: Record<BenchmarkName, BenchmarkSettings>;
  /** Pods per benchmark; a shard takes every n-th language. */
  shards: number;
  image: string;
  configMap: string;
}

export interface EvaluationInput {
  run: Run;
  benchmarks: string;
  cluster: ClusterOutputs;
}

/** One pod on an emulated device is already a whole core. */
const shardsPerBenchmark = 1;

/** Models of the hub are evaluated as the study does; a model of random weights has little to say. */
function settingsOf({ cell }: Run): Evaluation["settings"] {
  return families[cell.family].base === undefined ? miniatureEvaluation(cell) : studyEvaluation(cell);
}

export function planEvaluation({ run, benchmarks, cluster }: EvaluationInput): Evaluation {
  const settings = settingsOf(run);
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
    shards: shardsPerBenchmark,
    image,
    configMap: `scores-${run.name}`,
  };
}
