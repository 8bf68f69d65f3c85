import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { formatSlug } from "../kube/objectNames.ts";
import { categories, english, families } from "../matrix/index.ts";
import type { Artifact } from "./artifact.ts";
import { buildJobArtifact } from "./artifact.ts";
import type { MiniatureMixture } from "./miniatureMixture.ts";
import { filterTranslatedLanguages, heldOutArticles } from "./udhr.ts";

const miniatureArtifactSeed = 42;

/** Where things are made: the cluster, and the stack that asks for them. */
export interface ArtifactContext {
  readonly cluster: ClusterOutputs;
  readonly stack: string;
}

export function buildMiniatureCorpus(
  { name, ...spec }: MiniatureMixture,
  { cluster, stack }: ArtifactContext,
): Artifact {
  return buildJobArtifact(
    { verb: "mixture", name: ["data", name], owner: stack, pathPrefix: `corpora/${name}-`, spec },
    cluster,
    stack,
  );
}

/** Task files in the formats of SIB-200 and FLORES-200 from held-out articles. */
export function buildMiniatureBenchmarks(languages: readonly string[], { cluster, stack }: ArtifactContext): Artifact {
  const spec = { seed: miniatureArtifactSeed, languages: [...languages].sort(), heldOutArticles };
  return buildJobArtifact(
    { verb: "benchmarks", name: ["benchmarks"], owner: stack, pathPrefix: "benchmarks/", spec },
    cluster,
    stack,
  );
}

/** Shape of a Llama, in the words of its config.json. */
export interface LlamaArchitecture {
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly intermediate_size: number;
  readonly max_position_embeddings: number;
}

export interface UntrainedModel {
  readonly name: string;
  readonly architecture: LlamaArchitecture;
  readonly vocabularySize: number;
  /** What the tokenizer is trained on. */
  readonly languages: readonly string[];
}

/** A random Llama with a tokenizer of its own: what the miniature continues to pre-train. */
export function buildUntrainedModel({ name, ...model }: UntrainedModel, { cluster, stack }: ArtifactContext): Artifact {
  const slug = formatSlug(name);
  const spec = { seed: miniatureArtifactSeed, ...model, languages: [...model.languages].sort() };
  return buildJobArtifact(
    { verb: "model", name: ["model", slug], owner: stack, pathPrefix: `models/${slug}-`, spec },
    cluster,
    stack,
  );
}

/** Every language that some cell is trained or evaluated on, English first. */
export function listMiniatureLanguages(): string[] {
  const all = Object.values(categories).flatMap(({ training, related }) => [...training, ...related]);
  return filterTranslatedLanguages([...new Set([english.code, ...all])]);
}

/** About a million parameters: a step on one CPU core takes a fraction of a second. */
export function describeMiniatureModel(): UntrainedModel {
  const { shape } = families.tiny;
  return {
    name: "tiny",
    architecture: {
      hidden_size: shape.hidden,
      num_hidden_layers: shape.layers,
      num_attention_heads: shape.heads,
      intermediate_size: shape.feedForward,
      max_position_embeddings: 2048,
    },
    vocabularySize: shape.vocabulary,
    languages: listMiniatureLanguages(),
  };
}
