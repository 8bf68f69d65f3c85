import { buildBaseExperiment } from "./baseExperiment.ts";
import type { CellDraft, Experiment, ExperimentDraft } from "./cellExperiment.ts";
import type { HubContext, PreparationInputs, TaskFiles } from "../data/index.ts";
import {
  buildModelDownload,
  buildStudyCorpus,
  buildPreparationInputs,
  listBenchmarkDownloadJobs,
  locateTaskFiles,
} from "../data/index.ts";
import { buildEvaluationSettings, buildEvaluation, buildRunSubject } from "../evaluate/index.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { Cell, HubModel } from "../matrix/index.ts";
import type { CommonConfig, CorporaConfig, FamilyConfig } from "../config/index.ts";
import { listStackCells, listStackMixtures } from "../config/index.ts";
import { buildRun, buildTokenizedCorpus } from "../train/index.ts";

function buildHubContext({ stack, revisions, tokenSecret }: CommonConfig, cluster: ClusterOutputs): HubContext {
  return { cluster, stack, revisions, ...(tokenSecret !== undefined && { tokenSecret }) };
}

interface StudyInputs {
  readonly config: FamilyConfig;
  readonly cluster: ClusterOutputs;
  readonly supplies: PreparationInputs;
  /** Paths in the store. */
  readonly model: string;
  readonly benchmarks: TaskFiles;
}

/** The corpus itself is made by the stack `corpora`; the cell's own step is to put it into its model's tokens. */
function buildStudyCellDraft(cell: Cell, { config, cluster, supplies, model, benchmarks }: StudyInputs): CellDraft {
  const corpus = buildStudyCorpus(cell, supplies).path;
  const tokens = buildTokenizedCorpus({ cell, config, cluster, corpus, model });
  const run = buildRun({ cell, config, cluster, corpus, model, tokenised: tokens.path });
  const settings = buildEvaluationSettings(cell.parts.category, cell.parts.family, config.benchmarks);
  const evaluation = buildEvaluation({ subject: buildRunSubject(run), benchmarks, cluster, settings });
  return { run, evaluation, dataArtifact: tokens };
}

/** The cells of a family that starts from a model of the hub. */
export function buildFamilyDraft(config: FamilyConfig, base: HubModel, cluster: ClusterOutputs): ExperimentDraft {
  const place = buildHubContext(config, cluster);
  const model = buildModelDownload(base.repository, place);
  const common: StudyInputs = {
    config,
    cluster,
    supplies: buildPreparationInputs(place),
    model: model.path,
    benchmarks: locateTaskFiles(place),
  };
  return {
    shared: [model.job, ...listBenchmarkDownloadJobs(place)],
    mixtures: [],
    bases: [buildBaseExperiment(common)],
    cells: listStackCells(config).map((cell) => buildStudyCellDraft(cell, common)),
  };
}

/** The mixtures that the families share, after what they are made with. */
export function buildCorporaExperiment(config: CorporaConfig, cluster: ClusterOutputs): Experiment {
  const place = buildHubContext(config, cluster);
  const supplies = buildPreparationInputs(place);
  return {
    shared: [supplies.tokenizer.job, supplies.languageModel.job, ...listBenchmarkDownloadJobs(place)],
    mixtures: listStackMixtures(config).map((mixture) => ({ mixture, corpus: buildStudyCorpus(mixture, supplies) })),
    bases: [],
    cells: [],
  };
}
