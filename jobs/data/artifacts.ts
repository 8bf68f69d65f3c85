import type { ClusterOutputs } from "../kube/outputs.ts";
import { slugOf } from "../kube/names.ts";
import type { Artifact } from "./artifact.ts";
import { artifact } from "./artifact.ts";
import { heldOutArticles } from "./heldOut.ts";
import type { Mixture } from "./mixture.ts";

const seed = 42;

/** Where things are made: the cluster, and the stack that asks for them. */
export interface Workshop {
  cluster: ClusterOutputs;
  stack: string;
}

export function corpus({ name, ...spec }: Mixture, { cluster, stack }: Workshop): Artifact {
  return artifact({ verb: "mixture", name: ["data", name], owner: stack, place: `corpora/${name}-`, spec }, cluster, stack);
}

/** Task files in the formats of SIB-200 and FLORES-200 from held-out articles. */
export function benchmarks(languages: readonly string[], { cluster, stack }: Workshop): Artifact {
  const spec = { seed, languages: [...languages].sort(), heldOutArticles };
  return artifact({ verb: "benchmarks", name: ["benchmarks"], owner: stack, place: "benchmarks/", spec }, cluster, stack);
}

/** Shape of a Llama, in the words of its config.json. */
export interface Architecture {
  hidden_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  intermediate_size: number;
  max_position_embeddings: number;
}

export interface UntrainedModel {
  name: string;
  architecture: Architecture;
  vocabularySize: number;
  /** What the tokenizer is trained on. */
  languages: readonly string[];
}

/** A random Llama with a tokenizer of its own: what the miniature continues to pre-train. */
export function untrainedModel({ name, ...model }: UntrainedModel, { cluster, stack }: Workshop): Artifact {
  const slug = slugOf(name);
  const spec = { seed, ...model, languages: [...model.languages].sort() };
  return artifact({ verb: "model", name: ["model", slug], owner: stack, place: `models/${slug}-`, spec }, cluster, stack);
}
