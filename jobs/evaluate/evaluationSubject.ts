import { computeContentHash } from "../kube/contentHash.ts";
import { buildDnsName } from "../kube/objectNames.ts";
import type { Family } from "../matrix/index.ts";
import { buildBaseModelNames } from "../matrix/index.ts";
import type { Run } from "../train/index.ts";
import { formatCheckpointPath } from "../train/index.ts";
import type { EvaluationSettings } from "./evaluationSettings.ts";

/** A model to evaluate: the checkpoint of a run, or the base model of a family. */
export interface EvaluationSubject {
  /** `Tiny-Bi+Code-Stag` or `Tiny-base`. */
  readonly id: string;
  /** The id as a name in Kubernetes. */
  readonly slug: string;
  /** Name under which the scores are published; for a cell that of its run. */
  readonly run: string;
  /** Name of the folder that holds the scores; for a cell that of its run. */
  readonly folder: string;
  /** Path of the model in the store. */
  readonly checkpoint: string;
  /** The run's folder and the devices that trained together; undefined for a base model. */
  readonly training?: { directory: string; devices: number };
  /** The image that made the model. */
  readonly image: string;
  /** The requesting stack, if several evaluate the same model: each has its own JobSet, and they share scores. */
  readonly owner?: string;
}

interface BaseModelInput {
  readonly family: Family;
  /** Path of the model in the store. */
  readonly model: string;
  readonly image: string;
  readonly settings: EvaluationSettings;
  readonly stack: string;
}

/** Builds the subject for the checkpoint of a run that its protocol selects. */
export function buildRunSubject(run: Run): EvaluationSubject {
  const { cell, name, output, image, finalCheckpoint, world } = run;
  const training = { directory: output, devices: world.nodes * world.processesPerNode };
  return {
    id: cell.id,
    slug: cell.slug,
    run: name,
    folder: name,
    checkpoint: formatCheckpointPath(run, finalCheckpoint),
    training,
    image,
  };
}

/**
 * Builds the subject for a base model. Two stacks with different settings publish under different names, and share the
 * scores of the benchmarks that both have.
 */
export function buildBaseModelSubject({ family, model, image, settings, stack }: BaseModelInput): EvaluationSubject {
  const { id, slug } = buildBaseModelNames(family);
  const run = buildDnsName([slug, computeContentHash({ model, settings })]);
  return { id, slug, run, folder: slug, checkpoint: model, image, owner: stack };
}
