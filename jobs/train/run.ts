import { contentHash } from "../kube/hash.ts";
import { dnsName, podSuffixLength } from "../kube/names.ts";
import type { ClusterOutputs } from "../kube/outputs.ts";
import { awaitCorpusJob } from "../kube/trainingRuntime.ts";
import type { AnyCell, StackConfig } from "../matrix/index.ts";
import type { Evaluated } from "./protocols.ts";
import { protocols } from "./protocols.ts";
import type { Recipe } from "./recipe.ts";
import { decisive } from "./recipe.ts";

/** How many processes train together; it multiplies the batch. */
export interface World {
  nodes: number;
  processesPerNode: number;
}

/** The training of one cell, with every input by value. */
export interface Run {
  /** `tiny-bi-code-stag-1f0c2a9b`: the hash changes with whatever changes the result. */
  name: string;
  cell: AnyCell;
  recipe: Recipe;
  world: World;
  /** Paths in the store: of the corpus, of the model it starts from, and of the run's own folder. */
  corpus: string;
  model: string;
  output: string;
  /** The corpus in the model's own tokens, where they are prepared before a GPU is held. */
  tokenised?: string;
  /** The checkpoint that is evaluated. */
  finalCheckpoint: Evaluated;
  image: string;
}

export interface RunInput {
  cell: AnyCell;
  config: StackConfig;
  cluster: ClusterOutputs;
  /** Paths in the store that carry a hash of their content. */
  corpus: string;
  model: string;
  tokenised?: string;
}

/** The recipe of a cell: its protocol's, with what the stack changes. */
export function recipeOf(cell: AnyCell, { protocol, overrides, sequenceLength }: StackConfig, emulated: boolean): Recipe {
  const { schema, recipe } = protocols[protocol];
  const length = sequenceLength === undefined ? {} : { cutoff_len: sequenceLength };
  return schema.parse({ ...recipe(cell, emulated), ...length, ...overrides[cell.id] });
}

/** An emulated device computes on the CPU, and a node has one of those. */
function worldOf({ hardware }: StackConfig, emulated: boolean): World {
  return { nodes: hardware.nodesPerCell, processesPerNode: emulated ? 1 : hardware.devicesPerNode };
}

export function planRun({ cell, config, cluster, ...inputs }: RunInput): Run {
  const { emulated } = cluster.hardware;
  const recipe = recipeOf(cell, config, emulated);
  const world = worldOf(config, emulated);
  const image = cluster.images.llamaFactory;
  const hash = contentHash({ ...inputs, world, recipe: decisive(recipe), image });
  const name = dnsName([cell.slug, hash], podSuffixLength(awaitCorpusJob));
  const output = `${cluster.store.mount}/runs/${name}`;
  const finalCheckpoint = protocols[config.protocol].evaluated(cell, recipe);
  return { name, cell, recipe, world, ...inputs, output, finalCheckpoint, image };
}

/** The folder of a checkpoint, as the Hugging Face trainer names it; `checkpoint-last` leads to that of the last step. */
export function checkpointPath({ output }: Run, step: Evaluated): string {
  return `${output}/checkpoint-${String(step)}`;
}
