import type { FamilyConfig } from "../config/index.ts";
import { getStackFamily, listStackCells } from "../config/index.ts";
import type { TaskFiles } from "../data/index.ts";
import type { CategoryLanguages, Evaluation } from "../evaluate/index.ts";
import {
  buildBaseModelSubject,
  buildEvaluation,
  buildEvaluationJobSet,
  buildEvaluationSettings,
} from "../evaluate/index.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { JobSetManifest } from "../kube/manifestTypes.ts";
import { listCategoryLanguages } from "../matrix/index.ts";

/** The evaluation of a base model, with which the scores of its cells are compared. */
export interface BaseExperiment {
  readonly evaluation: Evaluation;
  readonly evaluate: JobSetManifest;
}

/** Collects the languages in which some cell of the stack is evaluated. */
function collectStackLanguages(config: FamilyConfig): CategoryLanguages {
  return { training: listCategoryLanguages(listStackCells(config).map(({ parts }) => parts.category)), related: [] };
}

interface BaseExperimentInput {
  readonly config: FamilyConfig;
  readonly cluster: ClusterOutputs;
  /** Path of the base model in the store. */
  readonly model: string;
  readonly benchmarks: TaskFiles;
}

/** Builds the evaluation of a stack's base model: the benchmarks of its cells, in all their languages. */
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
