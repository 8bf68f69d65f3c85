import { computeContentHash } from "../kube/contentHash.ts";
import { buildHashedName, computePodSuffixLength } from "../kube/objectNames.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { selectComputingDevice } from "../kube/clusterOutputs.ts";
import { awaitCorpusJobName } from "../kube/trainingRuntime.ts";
import type { Cell } from "../matrix/index.ts";
import type { FamilyConfig } from "../config/index.ts";
import type { EvaluatedCheckpoint } from "./protocols.ts";
import { protocols, selectLastCheckpoint } from "./protocols.ts";
import type { Recipe } from "./recipeSchema.ts";
import { resultSettings } from "./recipeSchema.ts";
import { applyExecution } from "./zeroSettings.ts";
import type { RunCheckpoints } from "./runCheckpoints.ts";
import { resolveCheckpoints } from "./runCheckpoints.ts";

/** The number of processes that train together, which multiplies the batch. */
interface WorldSize {
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
  /** Path of the corpus in the store. */
  readonly corpus: string;
  /** Path in the store of the model that the run starts from. */
  readonly model: string;
  /** Path of the run's folder in the store. */
  readonly output: string;
  /** Path of the tokenized corpus in the store, if it is prepared before the run holds a GPU. */
  readonly tokenised?: string;
  /** The checkpoints that are evaluated and kept. They change no weights, so no hash, either. */
  readonly checkpoints: RunCheckpoints;
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

/** Builds the recipe of a cell: that of its protocol with the changes of the stack and the values on its axes. */
export function buildCellRecipe(cell: Cell, config: FamilyConfig, emulated: boolean): Recipe {
  const { protocol, overrides, sequenceLength, execution } = config;
  const { schema, buildRecipe } = protocols[protocol];
  const length = sequenceLength === undefined ? {} : { cutoff_len: sequenceLength };
  const recipe = schema.parse({ ...buildRecipe(cell, emulated), ...length, ...overrides[cell.id], ...cell.axisValues });
  return applyExecution(recipe, execution, computeWorldSize(config, emulated).processesPerNode);
}

/** Selects the checkpoints of a cell that are evaluated and kept. */
export function selectRunCheckpoints(
  cell: Cell,
  recipe: Recipe,
  { protocol, checkpoints }: Pick<FamilyConfig, "protocol" | "checkpoints">,
): RunCheckpoints {
  const selected = protocols[protocol].selectCheckpoint(cell, recipe);
  return resolveCheckpoints(checkpoints, { selected, last: selectLastCheckpoint(recipe) });
}

/** An emulated device computes on the CPU, so a node runs a single process. */
export function computeWorldSize({ hardware }: FamilyConfig, emulated: boolean): WorldSize {
  return { nodes: hardware.nodesPerCell, processesPerNode: emulated ? 1 : hardware.devicesPerNode };
}

/** Builds the run of a cell; its name and folder carry a hash of everything that changes the result. */
export function buildRun({ cell, config, cluster, ...inputs }: RunInput): Run {
  const { emulated } = cluster.hardware;
  const recipe = buildCellRecipe(cell, config, emulated);
  const world = computeWorldSize(config, emulated);
  const image = cluster.images.llamaFactory;
  const hash = computeContentHash({
    ...inputs,
    world,
    device: selectComputingDevice(cluster),
    recipe: resultSettings(recipe),
    code: cluster.code.train,
  });
  const name = buildHashedName([cell.slug, hash], computePodSuffixLength(awaitCorpusJobName));
  const output = `${cluster.store.mount}/runs/${name}`;
  const checkpoints = selectRunCheckpoints(cell, recipe, config);
  return { name, cell, recipe, world, ...inputs, output, checkpoints, image };
}

/** Returns a checkpoint's folder, as the Hugging Face trainer names it; `checkpoint-last` links to the last step. */
export function formatCheckpointPath({ output }: Run, step: EvaluatedCheckpoint): string {
  return `${output}/checkpoint-${String(step)}`;
}
