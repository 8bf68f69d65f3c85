import type { TaskFiles } from "../data/index.ts";
import type { Evaluation, CategoryLanguages } from "../evaluate/index.ts";
import {
  buildEvaluationJobSet,
  buildEvaluationSettings,
  buildEvaluation,
  buildBaseModelSubject,
} from "../evaluate/index.ts";
import type { JobSetManifest } from "../kube/manifestTypes.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { FamilyConfig } from "../config/index.ts";
import { listStackCells, getStackFamily } from "../config/index.ts";

/** The evaluation of the model that cells start from: their scores are compared with it. */
export interface BaseExperiment {
  readonly evaluation: Evaluation;
  readonly evaluate: JobSetManifest;
}

/** Each language that some cell of the stack is asked, once. */
function collectStackLanguages(config: FamilyConfig): CategoryLanguages {
  const asked = listStackCells(config).flatMap(({ parts: { category } }) => [
    ...category.training,
    ...category.related,
  ]);
  return { training: [...new Set(asked)], related: [] };
}

interface BaseExperimentInput {
  readonly config: FamilyConfig;
  readonly cluster: ClusterOutputs;
  /** Paths in the store. */
  readonly model: string;
  readonly benchmarks: TaskFiles;
}

/** The base model of a stack, asked in every language of its cells what they are asked. */
export function buildBaseExperiment({ config, cluster, model, benchmarks }: BaseExperimentInput): BaseExperiment {
  const family = getStackFamily(config);
  const settings = buildEvaluationSettings(collectStackLanguages(config), family, config.benchmarks);
  const subject = buildBaseModelSubject({ family, model, image: cluster.images.data, settings, stack: config.stack });
  const evaluation = buildEvaluation({ subject, benchmarks, cluster, settings });
  return {
    evaluation,
    get evaluate() {
      return buildEvaluationJobSet(evaluation, cluster, config.stack);
    },
  };
}
