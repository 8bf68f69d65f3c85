import { baseExperiment } from "./baseExperiment.ts";
import type { CellDraft, Experiment, ExperimentDraft } from "./cellExperiment.ts";
import type { HubPlace, Supplies, TaskFiles } from "./data/index.ts";
import { download, studyCorpus, suppliesAt, taskDownloads, taskFiles } from "./data/index.ts";
import { evaluationSettings, planEvaluation, trained } from "./evaluate/index.ts";
import type { ClusterOutputs } from "./kube/outputs.ts";
import type { AnyCell, CommonConfig, CorporaConfig, HubModel, StackConfig } from "./matrix/index.ts";
import { cells, mixturesOf } from "./matrix/index.ts";
import { planRun, tokenised } from "./train/index.ts";

function placeOf({ stack, revisions, tokenSecret }: CommonConfig, cluster: ClusterOutputs): HubPlace {
  return { cluster, stack, revisions, ...(tokenSecret !== undefined && { tokenSecret }) };
}

interface Common {
  config: StackConfig;
  cluster: ClusterOutputs;
  supplies: Supplies;
  /** Paths in the store. */
  model: string;
  benchmarks: TaskFiles;
}

/** The corpus itself is made by the stack `corpora`; the cell's own step is to put it into its model's tokens. */
function cellExperiment(cell: AnyCell, { config, cluster, supplies, model, benchmarks }: Common): CellDraft {
  const corpus = studyCorpus(cell, supplies).path;
  const tokens = tokenised({ cell, config, cluster, corpus, model });
  const run = planRun({ cell, config, cluster, corpus, model, tokenised: tokens.path });
  const settings = evaluationSettings(cell.parts.category, cell.parts.family, config.benchmarks);
  const evaluation = planEvaluation({ subject: trained(run), benchmarks, cluster, settings });
  return { run, evaluation, text: tokens };
}

/** The cells of a family that starts from a model of the hub. */
export function planFamily(config: StackConfig, base: HubModel, cluster: ClusterOutputs): ExperimentDraft {
  const place = placeOf(config, cluster);
  const model = download(base.repository, place);
  const common: Common = { config, cluster, supplies: suppliesAt(place), model: model.path, benchmarks: taskFiles(place) };
  return {
    shared: [model.job, ...taskDownloads(place)],
    mixtures: [],
    bases: [baseExperiment(common)],
    cells: cells(config).map((cell) => cellExperiment(cell, common)),
  };
}

/** The mixtures that the families share, after what they are made with. */
export function planCorpora(config: CorporaConfig, cluster: ClusterOutputs): Experiment {
  const place = placeOf(config, cluster);
  const supplies = suppliesAt(place);
  return {
    shared: [supplies.tokenizer.job, supplies.languageModel.job, ...taskDownloads(place)],
    mixtures: mixturesOf(config).map((mixture) => ({ mixture, corpus: studyCorpus(mixture, supplies) })),
    bases: [],
    cells: [],
  };
}
