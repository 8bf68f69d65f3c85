import type { Artifact } from "../data/index.ts";
import { buildDependentArtifact } from "../data/index.ts";
import type { JobSetManifest } from "../kube/manifestTypes.ts";
import { formatSlug } from "../kube/objectNames.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { Cell } from "../matrix/index.ts";
import { formatMixtureSlug } from "../matrix/index.ts";
import type { FamilyConfig } from "../config/index.ts";
import type { Recipe } from "./recipeSchema.ts";
import { buildCellRecipe } from "./run.ts";

/** The settings on which LLaMA-Factory's preprocessing depends. Each worker cuts its own share of the rows. */
export const preprocessingSettings: readonly string[] = [
  "stage",
  "template",
  "cutoff_len",
  "preprocessing_num_workers",
  "val_size",
  "seed",
];

function selectPreprocessingSettings(recipe: Recipe): object {
  return Object.fromEntries(Object.entries(recipe).filter(([name]) => preprocessingSettings.includes(name)));
}

export interface TokenizedCorpusInput {
  readonly cell: Cell;
  readonly config: FamilyConfig;
  readonly cluster: ClusterOutputs;
  /** Paths in the store. */
  readonly corpus: string;
  readonly model: string;
}

/** A corpus in the tokens of a family's model: made on processors, once, before any GPU is held. */
export function buildTokenizedCorpus({
  cell,
  config,
  cluster,
  corpus,
  model,
}: TokenizedCorpusInput): Artifact<JobSetManifest> {
  const recipe = buildCellRecipe(cell, config, cluster.hardware.emulated);
  const { stack } = config;
  const mixture = formatMixtureSlug(cell);
  const workers = String(recipe.preprocessing_num_workers);
  return buildDependentArtifact(
    {
      program: { image: cluster.images.llamaFactory, command: "mixcpt-train" },
      verb: "tokenise",
      name: ["tokens", mixture],
      owner: stack,
      pathPrefix: `tokenised/${mixture}-${formatSlug(config.family)}-`,
      spec: { corpus, model, recipe: selectPreprocessingSettings(recipe) },
      from: [corpus, model],
      resources: { cpu: workers, memory: "32Gi" },
    },
    { cluster, stack },
  );
}
