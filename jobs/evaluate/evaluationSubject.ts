import { computeContentHash } from "../kube/contentHash.ts";
import { buildHashedName, formatEarlierScoresName, formatScoresName } from "../kube/objectNames.ts";
import type { Run } from "../train/index.ts";
import { countTokensOfStep, formatCheckpointPath } from "../train/index.ts";
import type { EvaluationSettings } from "./evaluationSettings.ts";

/** A model to evaluate: the checkpoint of a run, or a model that no run of the stack trains, like a base model. */
export interface EvaluationSubject {
  /** `Tiny-Bi+Code-Stag` or `Tiny-base`. */
  readonly id: string;
  /** The id as a name in Kubernetes. */
  readonly slug: string;
  /** Name of the run; for other models the name under which its scores are published. */
  readonly run: string;
  /** Name of the ConfigMap with the scores. */
  readonly configMap: string;
  /** Name of the folder that holds the scores; for a cell that of its run. */
  readonly folder: string;
  /** Path of the model in the store. */
  readonly checkpoint: string;
  /** The run's folder, the devices that trained together and the tokens of a step; undefined for other models. */
  readonly training?: { directory: string; devices: number; tokensPerStep: number };
  /** The image that made the model. */
  readonly image: string;
  /** The requesting stack, if several evaluate the same model: each has its own JobSet, and they share scores. */
  readonly owner?: string;
}

interface ModelSubjectInput {
  /** The model's name for people and in Kubernetes. */
  readonly names: { readonly id: string; readonly slug: string };
  /** Path of the model in the store. */
  readonly model: string;
  readonly image: string;
  readonly settings: EvaluationSettings;
  readonly stack: string;
}

/** Builds the subjects of a run, one for each evaluated checkpoint. The last one has the score of the cell. */
export function buildRunSubjects(run: Run): EvaluationSubject[] {
  const { cell, name, output, image, checkpoints, world } = run;
  const devices = world.nodes * world.processesPerNode;
  const { evaluated } = checkpoints;
  return evaluated.map((checkpoint, index) => ({
    id: cell.id,
    slug: cell.slug,
    run: name,
    configMap: index === evaluated.length - 1 ? formatScoresName(name) : formatEarlierScoresName(name, checkpoint),
    folder: name,
    checkpoint: formatCheckpointPath(run, checkpoint),
    training: { directory: output, devices, tokensPerStep: countTokensOfStep(run.recipe, devices) },
    image,
  }));
}

/**
 * Builds the subject for a model that the stack does not train. Two stacks with different settings publish under
 * different names, and share the scores of the benchmarks that both have.
 */
export function buildModelSubject({ names, model, image, settings, stack }: ModelSubjectInput): EvaluationSubject {
  const { id, slug } = names;
  const run = buildHashedName([slug, computeContentHash({ model, settings })]);
  return { id, slug, run, configMap: formatScoresName(run), folder: slug, checkpoint: model, image, owner: stack };
}
