import { baseExperiment } from "./baseExperiment.ts";
import type { CellExperiment, Experiment } from "./cellExperiment.ts";
import { planned } from "./cellExperiment.ts";
import type { Artifact, HubPlace } from "./data/index.ts";
import { download, mixtureTools, studyCorpus, taskDownloads, taskFiles } from "./data/index.ts";
import { evaluationSettings, planEvaluation, trained } from "./evaluate/index.ts";
import type { JobSetManifest } from "./kube/manifests.ts";
import type { ClusterOutputs } from "./kube/outputs.ts";
import type { AnyCell, CommonConfig, CorporaConfig, HubModel, StackConfig } from "./matrix/index.ts";
import { cells, mixturesOf } from "./matrix/index.ts";
import { planRun, tokenised } from "./train/index.ts";

function placeOf({ stack, revisions, tokenSecret }: CommonConfig, cluster: ClusterOutputs): HubPlace {
  return { cluster, stack, revisions, ...(tokenSecret !== undefined && { tokenSecret }) };
}

interface Common {
  config: StackConfig;
  place: HubPlace;
  /** Path in the store. */
  model: string;
}

/** The corpus itself is made by the stack `corpora`; the cell's own step is to put it into its model's tokens. */
function cellExperiment(cell: AnyCell, { config, place, model }: Common): CellExperiment {
  const { cluster } = place;
  const corpus = studyCorpus(cell, place).path;
  const tokens = tokenised({ cell, config, cluster, corpus, model });
  const run = planRun({ cell, config, cluster, corpus, model, tokenised: tokens.path });
  const settings = evaluationSettings(cell.parts.category, cell.parts.family, config.benchmarks);
  const evaluation = planEvaluation({ subject: trained(run), benchmarks: taskFiles(place), cluster, settings });
  return planned({ run, evaluation, text: tokens }, { config, cluster });
}

/** The cells of a family that starts from a model of the hub. */
export function planFamily(config: StackConfig, base: HubModel, cluster: ClusterOutputs): Experiment {
  const place = placeOf(config, cluster);
  const model = download(base.repository, place);
  const common: Common = { config, place, model: model.path };
  return {
    shared: [model.job, ...taskDownloads(place)],
    bases: [baseExperiment({ config, cluster, model: model.path, benchmarks: taskFiles(place) })],
    cells: cells(config).map((cell) => cellExperiment(cell, common)),
  };
}

/** A mixture of a stack of corpora, as a cell of some family shows it, and what makes it. */
export interface MixtureExperiment {
  mixture: AnyCell;
  corpus: Artifact<JobSetManifest>;
}

/** The mixtures that the families share, in the order of submission. */
export function planMixtures(config: CorporaConfig, cluster: ClusterOutputs): MixtureExperiment[] {
  const place = placeOf(config, cluster);
  return mixturesOf(config).map((mixture) => ({ mixture, corpus: studyCorpus(mixture, place) }));
}

/** The same as a stack submits them, after what they are made with. */
export function planCorpora(config: CorporaConfig, cluster: ClusterOutputs): Experiment {
  const place = placeOf(config, cluster);
  const mixtures = planMixtures(config, cluster).map(({ corpus }) => corpus.job);
  return { shared: [...mixtureTools(place).map(({ job }) => job), ...taskDownloads(place), ...mixtures], bases: [], cells: [] };
}
