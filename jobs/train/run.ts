import { contentHash } from "../kube/hash.ts";
import { dnsName, podSuffixLength } from "../kube/names.ts";
import type { ClusterOutputs } from "../kube/outputs.ts";
import { awaitCorpusJob } from "../kube/trainingRuntime.ts";
import type { Cell, StackConfig } from "../matrix/index.ts";
import { miniatureRecipe } from "./miniature.ts";
import type { Recipe } from "./recipe.ts";
import { decisive, recipeSchema } from "./recipe.ts";

/** How many processes train together; it multiplies the batch. */
export interface World {
  nodes: number;
  processesPerNode: number;
}

/** The training of one cell, with every input by value. */
export interface Run {
  /** `tiny-bi-code-stag-1f0c2a9b`: the hash changes with whatever changes the result. */
  name: string;
  cell: Cell;
  recipe: Recipe;
  world: World;
  /** Paths in the store: of the corpus, of the model it starts from, and of the run's own folder. */
  corpus: string;
  model: string;
  output: string;
  /** Step of the last checkpoint. */
  finalCheckpoint: number;
  image: string;
}

export interface RunInput {
  cell: Cell;
  config: StackConfig;
  cluster: ClusterOutputs;
  /** Paths in the store that carry a hash of their content. */
  corpus: string;
  model: string;
}

function recipeOf(cell: Cell, { protocol, overrides }: StackConfig, emulated: boolean): Recipe {
  switch (protocol) {
    case "miniature":
      return recipeSchema.parse({ ...miniatureRecipe(emulated), ...overrides[cell.id] });
    default:
      return protocol satisfies never;
  }
}

/** An emulated device computes on the CPU, and a node has one of those. */
function worldOf({ hardware }: StackConfig, emulated: boolean): World {
  return { nodes: hardware.nodesPerCell, processesPerNode: emulated ? 1 : hardware.devicesPerNode };
}

export function planRun({ cell, config, cluster, corpus, model }: RunInput): Run {
  const { emulated } = cluster.hardware;
  const recipe = recipeOf(cell, config, emulated);
  const world = worldOf(config, emulated);
  const image = cluster.images.llamaFactory;
  const hash = contentHash({ corpus, model, world, recipe: decisive(recipe), image });
  const name = dnsName([cell.slug, hash], podSuffixLength(awaitCorpusJob));
  const output = `${cluster.store.mount}/runs/${name}`;
  return { name, cell, recipe, world, corpus, model, output, finalCheckpoint: recipe.max_steps, image };
}

/** The folder of a checkpoint, as the Hugging Face trainer names it. */
export function checkpointPath({ output }: Run, step: number): string {
  return `${output}/checkpoint-${String(step)}`;
}
