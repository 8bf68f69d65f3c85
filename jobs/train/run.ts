import { computeContentHash } from "../kube/contentHash.ts";
import { buildDnsName, computePodSuffixLength } from "../kube/objectNames.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { awaitCorpusJobName } from "../kube/trainingRuntime.ts";
import type { Cell } from "../matrix/index.ts";
import type { FamilyConfig } from "../config/index.ts";
import type { EvaluatedCheckpoint } from "./protocols.ts";
import { protocols } from "./protocols.ts";
import type { Recipe } from "./recipeSchema.ts";
import { resultSettings } from "./recipeSchema.ts";

/** How many processes train together; it multiplies the batch. */
export interface WorldSize {
  readonly nodes: number;
  readonly processesPerNode: number;
}

/** The training of one cell, with every input by value. */
export interface Run {
  /** `tiny-bi-code-stag-1f0c2a9b`: the hash changes with whatever changes the result. */
  readonly name: string;
  readonly cell: Cell;
  readonly recipe: Recipe;
  readonly world: WorldSize;
  /** Paths in the store: of the corpus, of the model it starts from, and of the run's own folder. */
  readonly corpus: string;
  readonly model: string;
  readonly output: string;
  /** The corpus in the model's own tokens, where they are prepared before a GPU is held. */
  readonly tokenised?: string;
  /** The checkpoint that is evaluated. */
  readonly finalCheckpoint: EvaluatedCheckpoint;
  readonly image: string;
}

export interface RunInput {
  readonly cell: Cell;
  readonly config: FamilyConfig;
  readonly cluster: ClusterOutputs;
  /** Paths in the store that carry a hash of their content. */
  readonly corpus: string;
  readonly model: string;
  readonly tokenised?: string;
}

/** The recipe of a cell: its protocol's, with what the stack changes. */
export function buildCellRecipe(
  cell: Cell,
  { protocol, overrides, sequenceLength }: FamilyConfig,
  emulated: boolean,
): Recipe {
  const { schema, buildRecipe: recipe } = protocols[protocol];
  const length = sequenceLength === undefined ? {} : { cutoff_len: sequenceLength };
  return schema.parse({ ...recipe(cell, emulated), ...length, ...overrides[cell.id] });
}

/** An emulated device computes on the CPU, and a node has one of those. */
function computeWorldSize({ hardware }: FamilyConfig, emulated: boolean): WorldSize {
  return { nodes: hardware.nodesPerCell, processesPerNode: emulated ? 1 : hardware.devicesPerNode };
}

export function buildRun({ cell, config, cluster, ...inputs }: RunInput): Run {
  const { emulated } = cluster.hardware;
  const recipe = buildCellRecipe(cell, config, emulated);
  const world = computeWorldSize(config, emulated);
  const image = cluster.images.llamaFactory;
  const hash = computeContentHash({ ...inputs, world, recipe: resultSettings(recipe), image });
  const name = buildDnsName([cell.slug, hash], computePodSuffixLength(awaitCorpusJobName));
  const output = `${cluster.store.mount}/runs/${name}`;
  const finalCheckpoint = protocols[config.protocol].selectCheckpoint(cell, recipe);
  return { name, cell, recipe, world, ...inputs, output, finalCheckpoint, image };
}

/** The folder of a checkpoint, as the Hugging Face trainer names it; `checkpoint-last` leads to that of the last step. */
export function formatCheckpointPath({ output }: Run, step: EvaluatedCheckpoint): string {
  return `${output}/checkpoint-${String(step)}`;
}
