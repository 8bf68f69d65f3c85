import type { Artifact } from "../data/index.ts";
import { buildDependentArtifact } from "../data/index.ts";
import type { JobSetManifest } from "../kube/manifestTypes.ts";
import { serializeCanonically } from "../kube/contentHash.ts";
import { formatSlug } from "../kube/objectNames.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { Cell } from "../matrix/index.ts";
import { formatMixtureSlug, omitSeed } from "../matrix/index.ts";
import type { FamilyConfig } from "../config/index.ts";
import { listStackCells } from "../config/index.ts";
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

interface TokensContext {
  readonly config: FamilyConfig;
  readonly cluster: ClusterOutputs;
}

/** Cells that read the same tokens. */
type TokensReaders = readonly [Cell, ...Cell[]];

/**
 * Selects the settings that decide a cell's tokens. A seed that is an axis is left out: it draws no other held-out
 * text, so cells that repeat a run share their tokens and their held-out loss is that of the same text.
 */
function selectPreprocessingSettings(cell: Cell, { config, cluster }: TokensContext): object {
  const recipe = buildCellRecipe({ ...cell, axisValues: omitSeed(cell.axisValues) }, config, cluster.hardware.emulated);
  return Object.fromEntries(Object.entries(recipe).filter(([name]) => preprocessingSettings.includes(name)));
}

/** Groups the cells of a stack by the tokens that they read. */
export function groupByTokens(context: TokensContext): TokensReaders[] {
  const groups = Map.groupBy(listStackCells(context.config), (cell) =>
    serializeCanonically({ cell: cell.matrixId, recipe: selectPreprocessingSettings(cell, context) }),
  );
  return [...groups.values()].flatMap(([first, ...others]): TokensReaders[] =>
    first === undefined ? [] : [[first, ...others]],
  );
}

/** Counts the sequences that a cell needs for its highest evaluated step; undefined if any number is enough. */
function countSequencesOfCell(cell: Cell, { config, cluster }: TokensContext): number | undefined {
  const { emulated } = cluster.hardware;
  const recipe = buildCellRecipe(cell, config, emulated);
  const step = selectRunCheckpoints(cell, recipe, config).evaluated.findLast((checkpoint) => checkpoint !== "last");
  if (step === undefined || "max_steps" in recipe) return undefined;
  const { nodes, processesPerNode } = computeWorldSize(config, emulated);
  return countNeededSequences(step, {
    batch: recipe.per_device_train_batch_size,
    accumulation: recipe.gradient_accumulation_steps,
    devices: nodes * processesPerNode,
    epochs: recipe.num_train_epochs,
  });
}

/**
 * Builds the check that a corpus is long enough for the highest evaluated step: the step that makes it, on CPUs, then
 * fails with both counts, and a training that waits for it ends at its start. For a run of which only the last
 * checkpoint is evaluated any corpus is long enough.
 */
function buildLengthCheck(input: TokenizedCorpusInput): object {
  const counts = input.cells.flatMap((cell) => countSequencesOfCell(cell, input) ?? []);
  return counts.length === 0 ? {} : { neededSequences: Math.max(...counts) };
}

interface TokenizedCorpusInput extends TokensContext {
  readonly cells: TokensReaders;
  /** Path of the corpus in the store. */
  readonly corpus: string;
  /** Path of the model in the store. */
  readonly model: string;
}

/** Builds the corpus in the tokens of a family's model, which is made once, on CPUs, before a run holds a GPU. */
export function buildTokenizedCorpus(input: TokenizedCorpusInput): Artifact<JobSetManifest> {
  const { config, cluster, corpus, model } = input;
  const [cell] = input.cells;
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
      spec: { corpus, model, recipe: selectPreprocessingSettings(cell, input), blocks: studyBlocks },
      checks: buildLengthCheck(input),
      from: [corpus, model],
      resources: { cpu: workers, memory: "32Gi" },
    },
    { cluster, stack },
  );
}
