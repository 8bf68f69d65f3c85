import type { Artifact, Workshop } from "./data/index.ts";
import { benchmarks, corpus, miniatureLanguages, miniatureMixture, miniatureModel, untrainedModel } from "./data/index.ts";
import type { Evaluation } from "./evaluate/index.ts";
import { evaluationJobSet, planEvaluation } from "./evaluate/index.ts";
import { fitProblems } from "./fit.ts";
import type { JobManifest, JobSetManifest, RunManifest, TrainJobManifest } from "./kube/manifests.ts";
import type { ClusterOutputs } from "./kube/outputs.ts";
import type { Cell, CorporaConfig, StackConfig, StackFile } from "./matrix/index.ts";
import { ConfigError, cells, parseConfig } from "./matrix/index.ts";
import type { Run } from "./train/index.ts";
import { planRun, recipeRules, trainJob } from "./train/index.ts";

/** The three steps of a cell, in their order. */
export interface CellExperiment {
  cell: Cell;
  run: Run;
  evaluation: Evaluation;
  data: JobManifest;
  train: TrainJobManifest;
  evaluate: JobSetManifest;
}

/** All that a stack submits. Plain data: it is tested, rendered and applied as it is. */
export interface Experiment {
  /** What every cell uses: the base model and the benchmarks. */
  shared: readonly JobManifest[];
  /** In the order of submission. */
  cells: readonly CellExperiment[];
}

interface Common {
  config: StackConfig;
  workshop: Workshop;
  model: Artifact;
  tasks: Artifact;
}

/**
 * Reads the configuration of an experiments stack.
 * @throws ConfigError with all problems of the file.
 */
export function anyStackConfig(file: StackFile): StackConfig | CorporaConfig {
  return parseConfig(file, recipeRules);
}

/**
 * Reads the configuration of a family's stack.
 * @throws ConfigError with all problems of the file, or because it is the corpora's.
 */
export function stackConfig(file: StackFile): StackConfig {
  const config = anyStackConfig(file);
  if (config.kind === "family") return config;
  const message = "this stack makes the corpora; a stack with cells has the kind family";
  throw new ConfigError(file.file, [{ rule: "not-allowed", path: "mixcpt:kind", value: config.kind, message }]);
}

function cellExperiment(cell: Cell, { config, workshop, model, tasks }: Common): CellExperiment {
  const { cluster, stack } = workshop;
  const mixture = corpus(miniatureMixture(cell), workshop);
  const run = planRun({ cell, config, cluster, corpus: mixture.path, model: model.path });
  const evaluation = planEvaluation({ run, benchmarks: tasks.path, cluster });
  return {
    cell,
    run,
    evaluation,
    data: mixture.job,
    train: trainJob(run, { config, cluster }),
    evaluate: evaluationJobSet(evaluation, cluster, stack),
  };
}

/**
 * What a stack submits to a cluster.
 * @throws ConfigError if the cluster lacks what the stack asks for.
 */
export function planExperiment(config: StackConfig, cluster: ClusterOutputs): Experiment {
  const problems = fitProblems(config, cluster);
  if (problems.length > 0) throw new ConfigError(`Stack ${config.stack} on this cluster`, problems);
  const workshop: Workshop = { cluster, stack: config.stack };
  const model = untrainedModel(miniatureModel(), workshop);
  const tasks = benchmarks(miniatureLanguages(), workshop);
  const common: Common = { config, workshop, model, tasks };
  return { shared: [model.job, tasks.job], cells: cells(config).map((cell) => cellExperiment(cell, common)) };
}

/** The manifests of a stack in the order of submission: what is shared, then cell by cell data, train, evaluate. */
export function renderStack(config: StackConfig, cluster: ClusterOutputs): RunManifest[] {
  const { shared, cells: planned } = planExperiment(config, cluster);
  return [...shared, ...planned.flatMap(({ data, train, evaluate }) => [data, train, evaluate])];
}
