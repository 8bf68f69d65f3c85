import type { FamilyConfig } from "../config/index.ts";
import { listStackCells } from "../config/index.ts";
import type { Artifact, ArtifactContext, TaskFiles } from "../data/index.ts";
import {
  buildDatasetDownloads,
  buildMiniatureBenchmarks,
  buildMiniatureCorpus,
  buildMiniatureMixture,
  buildUntrainedModel,
  describeMiniatureModel,
  listDownloadJobs,
  listMiniatureLanguages,
  locateExternalInputs,
} from "../data/index.ts";
import { buildEvaluationSettings, buildRunEvaluations } from "../evaluate/index.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { Cell } from "../matrix/index.ts";
import { buildRun } from "../train/index.ts";
import { buildBaseExperiment } from "./baseExperiment.ts";
import { selectBenchmarkDatasets } from "./benchmarkDatasets.ts";
import type { CellDraft, ExperimentDraft } from "./cellExperiment.ts";

interface MiniatureInputs {
  readonly config: FamilyConfig;
  readonly context: ArtifactContext;
  readonly model: Artifact;
  readonly benchmarks: TaskFiles;
}

function buildMiniatureCellDraft(cell: Cell, { config, context, model, benchmarks }: MiniatureInputs): CellDraft {
  const { cluster } = context;
  const corpus = buildMiniatureCorpus(buildMiniatureMixture(cell), context);
  const run = buildRun({ cell, config, cluster, corpus: corpus.path, model: model.path });
  const settings = buildEvaluationSettings(cell.parts.category, cell.parts.family, config.benchmarks);
  const evaluations = buildRunEvaluations(run, { benchmarks, cluster, settings });
  return { run, ...evaluations, dataArtifact: corpus };
}

/** Builds the miniature from a model with random weights and text that ships in the image. It downloads nothing. */
export function buildMiniatureDraft(config: FamilyConfig, cluster: ClusterOutputs): ExperimentDraft {
  const context: ArtifactContext = { cluster, stack: config.stack };
  const model = buildUntrainedModel(describeMiniatureModel(), context);
  const taskArtifact = buildMiniatureBenchmarks(listMiniatureLanguages(), context);
  const { revisions, tokenSecret, benchmarks: changes } = config;
  const datasets = selectBenchmarkDatasets(changes);
  const downloads = buildDatasetDownloads({
    ...context,
    revisions,
    datasets,
    ...(tokenSecret !== undefined && { tokenSecret }),
  });
  const paths = Object.fromEntries(Object.entries(downloads).map(([name, { path }]) => [name, path]));
  const benchmarks: TaskFiles = {
    own: locateExternalInputs(cluster).benchmarks,
    made: { sib200: taskArtifact.path, flores200: taskArtifact.path, ...paths },
  };
  const inputs: MiniatureInputs = { config, context, model, benchmarks };
  return {
    shared: [model.job, taskArtifact.job, ...listDownloadJobs(downloads)],
    mixtures: [],
    bases: [buildBaseExperiment({ config, cluster, model: model.path, benchmarks })],
    cells: listStackCells(config).map((cell) => buildMiniatureCellDraft(cell, inputs)),
  };
}
