import type { FamilyConfig } from "../config/index.ts";
import { getStackFamily, listStackCells } from "../config/index.ts";
import type { TaskFiles } from "../data/index.ts";
import type { CategoryLanguages, Evaluation } from "../evaluate/index.ts";
import {
  buildEvaluation,
  buildEvaluationJobSet,
  buildEvaluationSettings,
  buildModelSubject,
} from "../evaluate/index.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { JobSetManifest } from "../kube/manifestTypes.ts";
import type { Family } from "../matrix/index.ts";
import { buildBaseModelNames, listCategoryLanguages } from "../matrix/index.ts";

/** The evaluation of a model that the stack does not train: the base model of its cells, or one of its models. */
export interface BaseExperiment {
  readonly evaluation: Evaluation;
  readonly evaluate: JobSetManifest;
  /** Names of the Jobs that it waits for; absent if it waits for all that the stack shares. */
  readonly dataJobs?: readonly string[];
}

/** Collects the languages in which some cell of the stack is evaluated. */
function collectStackLanguages(config: FamilyConfig): CategoryLanguages {
  return { training: listCategoryLanguages(listStackCells(config).map(({ parts }) => parts.category)), related: [] };
}

interface ModelExperimentInput {
  readonly names: { readonly id: string; readonly slug: string };
  readonly family: Family;
  readonly languages: CategoryLanguages;
  readonly config: Pick<FamilyConfig, "stack" | "benchmarks">;
  readonly cluster: ClusterOutputs;
  /** Path of the model in the store. */
  readonly model: string;
  readonly benchmarks: TaskFiles;
  /** The image that made the model. */
  readonly image: string;
  readonly dataJobs?: readonly string[];
}

/** Builds the evaluation of a model that the stack does not train. */
export function buildModelExperiment(input: ModelExperimentInput): BaseExperiment {
  const { names, family, languages, config, cluster, model, benchmarks, image, dataJobs } = input;
  const settings = buildEvaluationSettings(languages, family, config.benchmarks);
  const subject = buildModelSubject({ names, model, image, settings, stack: config.stack });
  const evaluation = buildEvaluation({ subject, benchmarks, cluster, settings });
  return {
    evaluation,
    ...(dataJobs !== undefined && { dataJobs }),
    get evaluate() {
      return buildEvaluationJobSet(evaluation, cluster, config.stack);
    },
  };
}

interface BaseExperimentInput extends Pick<ModelExperimentInput, "cluster" | "model" | "benchmarks"> {
  readonly config: FamilyConfig;
}

/** Builds the evaluation of a stack's base model: the benchmarks of its cells, in all their languages. */
export function buildBaseExperiment(input: BaseExperimentInput): BaseExperiment {
  const family = getStackFamily(input.config);
  const languages = collectStackLanguages(input.config);
  const image = input.cluster.images.data;
  return buildModelExperiment({ ...input, names: buildBaseModelNames(family), family, languages, image });
}
