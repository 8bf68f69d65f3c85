import { buildBaseExperiment } from "./baseExperiment.ts";
import type { CellDraft, ExperimentDraft } from "./cellExperiment.ts";
import type { Artifact, TaskFiles, ArtifactContext } from "../data/index.ts";
import {
  buildMiniatureBenchmarks,
  buildMiniatureCorpus,
  locateExternalInputs,
  listMiniatureLanguages,
  buildMiniatureMixture,
  describeMiniatureModel,
  buildUntrainedModel,
} from "../data/index.ts";
import { buildEvaluationSettings, buildEvaluation, buildRunSubject } from "../evaluate/index.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { Cell } from "../matrix/index.ts";
import type { FamilyConfig } from "../config/index.ts";
import { listStackCells } from "../config/index.ts";
import { buildRun } from "../train/index.ts";

interface MiniatureInputs {
  readonly config: FamilyConfig;
  readonly workshop: ArtifactContext;
  readonly model: Artifact;
  readonly benchmarks: TaskFiles;
}

function buildMiniatureCellDraft(
  cell: Cell,
  { config, workshop, model, benchmarks: files }: MiniatureInputs,
): CellDraft {
  const { cluster } = workshop;
  const mixture = buildMiniatureCorpus(buildMiniatureMixture(cell), workshop);
  const run = buildRun({ cell, config, cluster, corpus: mixture.path, model: model.path });
  const settings = buildEvaluationSettings(cell.parts.category, cell.parts.family, config.benchmarks);
  const evaluation = buildEvaluation({ subject: buildRunSubject(run), benchmarks: files, cluster, settings });
  return { run, evaluation, dataArtifact: mixture };
}

/** A model of random weights and text that ships in the image: nothing is fetched. */
export function buildMiniatureDraft(config: FamilyConfig, cluster: ClusterOutputs): ExperimentDraft {
  const workshop: ArtifactContext = { cluster, stack: config.stack };
  const model = buildUntrainedModel(describeMiniatureModel(), workshop);
  const tasks = buildMiniatureBenchmarks(listMiniatureLanguages(), workshop);
  const files: TaskFiles = {
    own: locateExternalInputs(cluster).benchmarks,
    made: { sib200: tasks.path, flores200: tasks.path },
  };
  const common: MiniatureInputs = { config, workshop, model, benchmarks: files };
  return {
    shared: [model.job, tasks.job],
    mixtures: [],
    bases: [buildBaseExperiment({ config, cluster, model: model.path, benchmarks: files })],
    cells: listStackCells(config).map((cell) => buildMiniatureCellDraft(cell, common)),
  };
}
