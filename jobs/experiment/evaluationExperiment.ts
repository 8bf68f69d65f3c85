import type { EvaluatedModel, EvaluationConfig } from "../config/index.ts";
import { listEvaluatedModels } from "../config/index.ts";
import type { HubContext, TaskFiles } from "../data/index.ts";
import { buildModelDownload, listBenchmarkDownloadJobs, locateTaskFiles } from "../data/index.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { JobManifest } from "../kube/manifestTypes.ts";
import { listCategoryLanguages } from "../matrix/index.ts";
import { buildModelExperiment } from "./baseExperiment.ts";
import type { Experiment } from "./cellExperiment.ts";
import { buildHubContext } from "./hubContext.ts";
import { buildMiniatureModel, buildMiniatureTasks } from "./miniatureExperiment.ts";

/** The weights of a model: their path in the store, and the Job that brings them there unless they exist. */
interface ModelWeights {
  readonly path: string;
  readonly job?: JobManifest;
}

function locateWeights({ source }: EvaluatedModel, context: HubContext): ModelWeights {
  if (source.kind === "store") return { path: `${context.cluster.store.mount}/${source.path}` };
  if (source.kind === "made") return buildMiniatureModel(context);
  const { repository, revision } = source;
  return buildModelDownload(repository, { ...context, revisions: { [repository]: revision } });
}

/** The task files of a model, with the Jobs that make or download them. */
function buildModelTasks(
  { family }: EvaluatedModel,
  context: HubContext,
): { benchmarks: TaskFiles; jobs: JobManifest[] } {
  if (family.base !== undefined)
    return { benchmarks: locateTaskFiles(context), jobs: listBenchmarkDownloadJobs(context) };
  return buildMiniatureTasks(context);
}

function omitRepeatedJobs(jobs: readonly JobManifest[]): JobManifest[] {
  return [...new Map(jobs.map((job) => [job.metadata.name, job])).values()];
}

/** The image that made weights in the store, which may be older than this stack or from elsewhere. */
const unknownImage = "unknown";

/** Builds the evaluations of models that the stack does not train, after the downloads that they wait for. */
export function buildEvaluationExperiment(config: EvaluationConfig, cluster: ClusterOutputs): Experiment {
  const context = buildHubContext(config, cluster);
  const models = listEvaluatedModels(config).map((model) => {
    const { path, job } = locateWeights(model, context);
    const { benchmarks, jobs } = buildModelTasks(model, context);
    return { model, path, benchmarks, jobs: [...(job === undefined ? [] : [job]), ...jobs] };
  });
  return {
    shared: omitRepeatedJobs(models.flatMap(({ jobs }) => jobs)),
    mixtures: [],
    bases: models.map(({ model: { id, slug, family, categories, source }, path, benchmarks, jobs }) =>
      buildModelExperiment({
        names: { id, slug },
        family,
        languages: { training: listCategoryLanguages(categories), related: [] },
        config,
        cluster,
        model: path,
        benchmarks,
        image: source.kind === "store" ? unknownImage : cluster.images.data,
        dataJobs: jobs.map(({ metadata }) => metadata.name),
      }),
    ),
    cells: [],
  };
}
