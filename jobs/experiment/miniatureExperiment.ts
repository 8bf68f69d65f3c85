import type { FamilyConfig } from "../config/index.ts";
import { listStackCells } from "../config/index.ts";
import type { Artifact, ArtifactContext, HubContext, TaskFiles } from "../data/index.ts";
import {
  buildAddedDownloads,
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
import type { JobManifest } from "../kube/manifestTypes.ts";
import type { Cell } from "../matrix/index.ts";
import { buildRun } from "../train/index.ts";
import { buildBaseExperiment } from "./baseExperiment.ts";
import type { CellDraft, ExperimentDraft } from "./cellExperiment.ts";
import { buildHubContext } from "./hubContext.ts";

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

/** Builds the model with random weights that all miniatures start from. */
export function buildMiniatureModel(context: ArtifactContext): Artifact {
  return buildUntrainedModel(describeMiniatureModel(), context);
}

/**
 * Builds the task files of the miniature, with the Jobs that make them from text in the image, or download what added
 * benchmarks read.
 */
export function buildMiniatureTasks(context: HubContext): { benchmarks: TaskFiles; jobs: JobManifest[] } {
  const { path, job } = buildMiniatureBenchmarks(listMiniatureLanguages(), context);
  const own = locateExternalInputs(context.cluster).benchmarks;
  const downloads = buildAddedDownloads(context);
  const added = Object.fromEntries(Object.entries(downloads).map(([name, download]) => [name, download.path]));
  return {
    benchmarks: { own, made: { sib200: path, flores200: path, ...added } },
    jobs: [job, ...listDownloadJobs(downloads)],
  };
}

/** Builds the miniature from a model with random weights and text that ships in the image. It downloads nothing. */
export function buildMiniatureDraft(config: FamilyConfig, cluster: ClusterOutputs): ExperimentDraft {
  const context = buildHubContext(config, cluster);
  const model = buildMiniatureModel(context);
  const { benchmarks, jobs } = buildMiniatureTasks(context);
  const inputs: MiniatureInputs = { config, context, model, benchmarks };
  return {
    shared: [model.job, ...jobs],
    mixtures: [],
    bases: [buildBaseExperiment({ config, cluster, model: model.path, benchmarks })],
    cells: listStackCells(config).map((cell) => buildMiniatureCellDraft(cell, inputs)),
  };
}
