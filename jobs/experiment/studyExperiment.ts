import type { CorporaConfig, FamilyConfig } from "../config/index.ts";
import { listStackCells, listStackMixtures } from "../config/index.ts";
import type { PreparationInputs, TaskFiles } from "../data/index.ts";
import {
  buildModelDownload,
  buildPreparationInputs,
  buildStudyCorpus,
  listBenchmarkDownloadJobs,
  locateTaskFiles,
} from "../data/index.ts";
import { buildEvaluationSettings, buildRunEvaluations } from "../evaluate/index.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { Cell, HubModel } from "../matrix/index.ts";
import { buildRun, buildTokenizedCorpus, groupByTokens } from "../train/index.ts";
import { buildBaseExperiment } from "./baseExperiment.ts";
import type { CellDraft, Experiment, ExperimentDraft } from "./cellExperiment.ts";
import { buildHubContext } from "./hubContext.ts";

interface StudyInputs {
  readonly config: FamilyConfig;
  readonly cluster: ClusterOutputs;
  readonly preparation: PreparationInputs;
  /** Path of the base model in the store. */
  readonly model: string;
  readonly benchmarks: TaskFiles;
}

type CorpusArtifacts = Pick<CellDraft, "dataArtifact"> & { readonly corpus: string };

function buildStudyCellDraft(cell: Cell, { corpus, dataArtifact }: CorpusArtifacts, inputs: StudyInputs): CellDraft {
  const { config, cluster, model, benchmarks } = inputs;
  const run = buildRun({ cell, config, cluster, corpus, model, tokenised: dataArtifact.path });
  const settings = buildEvaluationSettings(cell.parts.category, cell.parts.family, config.benchmarks);
  const evaluations = buildRunEvaluations(run, { benchmarks, cluster, settings });
  return { run, ...evaluations, dataArtifact };
}

/**
 * Builds the cells of a study stack. The stack `corpora` makes their corpora; the data step of a cell tokenizes its
 * corpus for its model, once for all cells that read the same tokens.
 */
function buildStudyCellDrafts(inputs: StudyInputs): CellDraft[] {
  const { config, preparation } = inputs;
  const drafts = groupByTokens(inputs).flatMap((cells) => {
    const corpus = buildStudyCorpus(cells[0], preparation).path;
    const dataArtifact = buildTokenizedCorpus({ ...inputs, cells, corpus });
    return cells.map((cell) => buildStudyCellDraft(cell, { corpus, dataArtifact }, inputs));
  });
  const draftsById = new Map(drafts.map((draft) => [draft.run.cell.id, draft]));
  return listStackCells(config).flatMap(({ id }) => draftsById.get(id) ?? []);
}

/** Builds the draft of a family whose base model comes from the hub. */
export function buildFamilyDraft(config: FamilyConfig, base: HubModel, cluster: ClusterOutputs): ExperimentDraft {
  const context = buildHubContext(config, cluster);
  const model = buildModelDownload(base.repository, context);
  const inputs: StudyInputs = {
    config,
    cluster,
    preparation: buildPreparationInputs(context),
    model: model.path,
    benchmarks: locateTaskFiles(context),
  };
  return {
    shared: [model.job, ...listBenchmarkDownloadJobs(context)],
    mixtures: [],
    bases: [buildBaseExperiment(inputs)],
    cells: buildStudyCellDrafts(inputs),
  };
}

/** Builds the mixtures that the families share, after the downloads that they depend on. */
export function buildCorporaExperiment(config: CorporaConfig, cluster: ClusterOutputs): Experiment {
  const context = buildHubContext(config, cluster);
  const preparation = buildPreparationInputs(context);
  const { tokenizer, languageModel } = preparation;
  return {
    shared: [tokenizer.job, languageModel.job, ...listBenchmarkDownloadJobs(context)],
    mixtures: listStackMixtures(config).map((mixture) => ({ mixture, corpus: buildStudyCorpus(mixture, preparation) })),
    bases: [],
    cells: [],
  };
}
