import type { Artifact } from "../data/index.ts";
import { buildDependentArtifact } from "../data/index.ts";
import type { JobSetManifest } from "../kube/manifestTypes.ts";
import { formatSlug } from "../kube/objectNames.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { Cell } from "../matrix/index.ts";
import { formatMixtureSlug } from "../matrix/index.ts";
import type { FamilyConfig } from "../config/index.ts";
import type { Recipe } from "./recipeSchema.ts";
import { buildCellRecipe, computeWorldSize, selectRunCheckpoints } from "./run.ts";
import { countNeededSequences } from "./trainingSteps.ts";

/** Settings on which LLaMA-Factory's preprocessing depends. Each worker packs its own share of the rows. */
export const preprocessingSettings: readonly string[] = [
  "stage",
  "template",
  "cutoff_len",
  "preprocessing_num_workers",
  "val_size",
  "seed",
];

/**
 * How texts are packed into sequences of equal length, the blocks (docs/recipes.md). LLaMA-Factory 0.9.0 and 0.9.1,
 * which the study used, let BOS take the place of a block's first token only for the template gemma.
 */
const studyBlocks = { beginWithBos: false };

function selectPreprocessingSettings(recipe: Recipe): object {
  return Object.fromEntries(Object.entries(recipe).filter(([name]) => preprocessingSettings.includes(name)));
}

/**
 * Builds the check that a corpus is long enough for the highest evaluated step: the step that makes it, on CPUs, then
 * fails with both counts, and a training that waits for it ends at its start. For a run of which only the last
 * checkpoint is evaluated any corpus is long enough.
 */
function buildLengthCheck(recipe: Recipe, { cell, config, cluster }: TokenizedCorpusInput): object {
  const step = selectRunCheckpoints(cell, recipe, config).evaluated.findLast((checkpoint) => checkpoint !== "last");
  if (step === undefined || "max_steps" in recipe) return {};
  const { nodes, processesPerNode } = computeWorldSize(config, cluster.hardware.emulated);
  const neededSequences = countNeededSequences(step, {
    batch: recipe.per_device_train_batch_size,
    accumulation: recipe.gradient_accumulation_steps,
    devices: nodes * processesPerNode,
    epochs: recipe.num_train_epochs,
  });
  return { neededSequences };
}

interface TokenizedCorpusInput {
  readonly cell: Cell;
  readonly config: FamilyConfig;
  readonly cluster: ClusterOutputs;
  /** Path of the corpus in the store. */
  readonly corpus: string;
  /** Path of the model in the store. */
  readonly model: string;
}

/** Builds the corpus in the tokens of a family's model, which is made once, on CPUs, before a run holds a GPU. */
export function buildTokenizedCorpus(input: TokenizedCorpusInput): Artifact<JobSetManifest> {
  const { cell, config, cluster, corpus, model } = input;
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
      spec: { corpus, model, recipe: selectPreprocessingSettings(recipe), blocks: studyBlocks },
      checks: buildLengthCheck(recipe, input),
      from: [corpus, model],
      resources: { cpu: workers, memory: "32Gi" },
    },
    { cluster, stack },
  );
}
