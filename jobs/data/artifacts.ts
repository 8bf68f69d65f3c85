import type { ClusterOutputs } from "../kube/outputs.ts";
import { formatSlug } from "../kube/names.ts";
import type { Artifact } from "./artifact.ts";
import { buildJobArtifact } from "./artifact.ts";
import { heldOutArticles } from "./heldOut.ts";
import type { MiniatureMixture } from "./mixture.ts";

const miniatureArtifactSeed = 42;

/** Where things are made: the cluster, and the stack that asks for them. */
export interface ArtifactContext {
  cluster: ClusterOutputs;
  stack: string;
}

export function buildMiniatureCorpus({ name, ...spec }: MiniatureMixture, { cluster, stack }: ArtifactContext): Artifact {
  return buildJobArtifact({ verb: "mixture", name: ["data", name], owner: stack, pathPrefix: `corpora/${name}-`, spec }, cluster, stack);
}

/** Task files in the formats of SIB-200 and FLORES-200 from held-out articles. */
export function buildMiniatureBenchmarks(languages: readonly string[], { cluster, stack }: ArtifactContext): Artifact {
  const spec = { seed: miniatureArtifactSeed, languages: [...languages].sort(), heldOutArticles };
  return buildJobArtifact({ verb: "benchmarks", name: ["benchmarks"], owner: stack, pathPrefix: "benchmarks/", spec }, cluster, stack);
}

/** Shape of a Llama, in the words of its config.json. */
export interface LlamaArchitecture {
  hidden_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  intermediate_size: number;
  max_position_embeddings: number;
}

export interface UntrainedModel {
  name: string;
  architecture: LlamaArchitecture;
  vocabularySize: number;
  /** What the tokenizer is trained on. */
  languages: readonly string[];
}

/** A random Llama with a tokenizer of its own: what the miniature continues to pre-train. */
export function buildUntrainedModel({ name, ...model }: UntrainedModel, { cluster, stack }: ArtifactContext): Artifact {
  const slug = formatSlug(name);
  const spec = { seed: miniatureArtifactSeed, ...model, languages: [...model.languages].sort() };
  return buildJobArtifact({ verb: "model", name: ["model", slug], owner: stack, pathPrefix: `models/${slug}-`, spec }, cluster, stack);
}
