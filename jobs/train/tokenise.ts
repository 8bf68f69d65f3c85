import type { Artifact } from "../data/index.ts";
import { artifactOf } from "../data/index.ts";
import type { JobSetManifest } from "../kube/manifests.ts";
import { slugOf } from "../kube/names.ts";
import type { ClusterOutputs } from "../kube/outputs.ts";
import type { AnyCell, StackConfig } from "../matrix/index.ts";
import type { Recipe } from "./recipe.ts";
import { recipeOf } from "./run.ts";

/** The settings on which LLaMA-Factory's preprocessing depends. Each worker cuts its own share of the rows. */
export const preprocessingSettings: readonly string[] = ["stage", "template", "cutoff_len", "preprocessing_num_workers", "val_size", "seed"];

function preprocessing(recipe: Recipe): object {
  return Object.fromEntries(Object.entries(recipe).filter(([name]) => preprocessingSettings.includes(name)));
}

export interface TokeniseInput {
  cell: AnyCell;
  config: StackConfig;
  cluster: ClusterOutputs;
  /** Paths in the store. */
  corpus: string;
  model: string;
}

/** A corpus in the tokens of a family's model: made on processors, once, before any GPU is held. */
export function tokenised({ cell, config, cluster, corpus, model }: TokeniseInput): Artifact<JobSetManifest> {
  const recipe = recipeOf(cell, config, cluster.hardware.emulated);
  const { stack } = config;
  const mixture = slugOf(`${cell.data}-${cell.category}`);
  const workers = String(recipe.preprocessing_num_workers);
  return artifactOf(
    {
      by: { image: cluster.images.llamaFactory, command: "mixcpt-train" },
      verb: "tokenise",
      name: ["tokens", mixture],
      owner: stack,
      place: `tokenised/${mixture}-${slugOf(config.family)}-`,
      spec: { corpus, model, recipe: preprocessing(recipe) },
      from: [corpus, model],
      resources: { cpu: workers, memory: "32Gi" },
    },
    cluster,
    stack,
  );
}
