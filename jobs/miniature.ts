import { baseExperiment } from "./baseExperiment.ts";
import type { CellDraft, ExperimentDraft } from "./cellExperiment.ts";
import type { Artifact, TaskFiles, Workshop } from "./data/index.ts";
import { benchmarks, corpus, inputs, miniatureLanguages, miniatureMixture, miniatureModel, untrainedModel } from "./data/index.ts";
import { evaluationSettings, planEvaluation, trained } from "./evaluate/index.ts";
import type { ClusterOutputs } from "./kube/outputs.ts";
import type { AnyCell, StackConfig } from "./matrix/index.ts";
import { cells } from "./matrix/index.ts";
import { planRun } from "./train/index.ts";

interface Common {
  config: StackConfig;
  workshop: Workshop;
  model: Artifact;
  benchmarks: TaskFiles;
}

function cellExperiment(cell: AnyCell, { config, workshop, model, benchmarks: files }: Common): CellDraft {
  const { cluster } = workshop;
  const mixture = corpus(miniatureMixture(cell), workshop);
  const run = planRun({ cell, config, cluster, corpus: mixture.path, model: model.path });
  const settings = evaluationSettings(cell.parts.category, cell.parts.family, config.benchmarks);
  const evaluation = planEvaluation({ subject: trained(run), benchmarks: files, cluster, settings });
  return { run, evaluation, text: mixture };
}

/** A model of random weights and text that ships in the image: nothing is fetched. */
export function planMiniature(config: StackConfig, cluster: ClusterOutputs): ExperimentDraft {
  const workshop: Workshop = { cluster, stack: config.stack };
  const model = untrainedModel(miniatureModel(), workshop);
  const tasks = benchmarks(miniatureLanguages(), workshop);
  const files: TaskFiles = { own: inputs(cluster).benchmarks, made: { sib200: tasks.path, flores200: tasks.path } };
  const common: Common = { config, workshop, model, benchmarks: files };
  return {
    shared: [model.job, tasks.job],
    mixtures: [],
    bases: [baseExperiment({ config, cluster, model: model.path, benchmarks: files })],
    cells: cells(config).map((cell) => cellExperiment(cell, common)),
  };
}
