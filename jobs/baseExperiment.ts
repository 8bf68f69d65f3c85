import type { TaskFiles } from "./data/index.ts";
import type { Evaluation, Languages } from "./evaluate/index.ts";
import { evaluationJobSet, evaluationSettings, planEvaluation, untrained } from "./evaluate/index.ts";
import type { JobSetManifest } from "./kube/manifests.ts";
import type { ClusterOutputs } from "./kube/outputs.ts";
import type { StackConfig } from "./matrix/index.ts";
import { cells, familyOf } from "./matrix/index.ts";

/** The evaluation of the model that cells start from: their scores are compared with it. */
export interface BaseExperiment {
  evaluation: Evaluation;
  readonly evaluate: JobSetManifest;
}

/** Each language that some cell of the stack is asked, once. */
function languagesOf(config: StackConfig): Languages {
  const asked = cells(config).flatMap(({ parts: { category } }) => [...category.training, ...category.related]);
  return { training: [...new Set(asked)], related: [] };
}

interface BaseInput {
  config: StackConfig;
  cluster: ClusterOutputs;
  /** Paths in the store. */
  model: string;
  benchmarks: TaskFiles;
}

/** The base model of a stack, asked in every language of its cells what they are asked. */
export function baseExperiment({ config, cluster, model, benchmarks }: BaseInput): BaseExperiment {
  const family = familyOf(config);
  const settings = evaluationSettings(languagesOf(config), family, config.benchmarks);
  const subject = untrained({ family, model, image: cluster.images.data, settings, stack: config.stack });
  const evaluation = planEvaluation({ subject, benchmarks, cluster, settings });
  return {
    evaluation,
    get evaluate() {
      return evaluationJobSet(evaluation, cluster, config.stack);
    },
  };
}
