import { computeContentHash } from "../kube/contentHash.ts";
import { buildDnsName } from "../kube/objectNames.ts";
import type { Family } from "../matrix/index.ts";
import { buildBaseModelNames } from "../matrix/index.ts";
import type { Run } from "../train/index.ts";
import { formatCheckpointPath } from "../train/index.ts";
import type { EvaluationSettings } from "./evaluationSettings.ts";

/** A model that is scored: the checkpoint of a run, or what the runs of a family start from. */
export interface EvaluationSubject {
  /** `Tiny-Bi+Code-Stag` or `Tiny-base`, and the same for Kubernetes. */
  readonly id: string;
  readonly slug: string;
  /** Its scores are published under this name: of a cell that of its training. */
  readonly run: string;
  /** Its scores lie in the folder of this name: of a cell that of its run. */
  readonly folder: string;
  /** Path in the store. */
  readonly checkpoint: string;
  /** Its folder, and the devices that trained at once; a base model has none. */
  readonly training?: { directory: string; devices: number };
  /** What it was made with. */
  readonly image: string;
  /** The stack that asks, where several may: each has an object of its own, and the second finds the scores. */
  readonly owner?: string;
}

interface BaseModelInput {
  readonly family: Family;
  /** Path in the store. */
  readonly model: string;
  readonly image: string;
  readonly settings: EvaluationSettings;
  readonly stack: string;
}

/** The checkpoint of a run that its protocol evaluates. */
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

/** The base model itself. Two stacks that ask it different things publish under different names, and share what both ask. */
export function buildBaseModelSubject({ family, model, image, settings, stack }: BaseModelInput): EvaluationSubject {
  const { id, slug } = buildBaseModelNames(family);
  const run = buildDnsName([slug, computeContentHash({ model, settings })]);
  return { id, slug, run, folder: slug, checkpoint: model, image, owner: stack };
}
