import { formatSlug } from "../kube/objectNames.ts";
import { categories, english, families, listCategoryLanguages } from "../matrix/index.ts";
import type { Artifact, ArtifactContext } from "./artifact.ts";
import { buildJobArtifact } from "./artifact.ts";
import type { MiniatureMixture } from "./miniatureMixture.ts";
import { miniatureSeed } from "./miniatureMixture.ts";
import { filterTranslatedLanguages, heldOutArticles } from "./udhr.ts";

export function buildMiniatureCorpus({ name, ...spec }: MiniatureMixture, context: ArtifactContext): Artifact {
  return buildJobArtifact(
    { verb: "mixture", name: ["data", name], owner: context.stack, pathPrefix: `corpora/${name}-`, spec },
    context,
  );
}

/** Builds task files in the formats of SIB-200 and FLORES-200 from the held-out articles. */
export function buildMiniatureBenchmarks(languages: readonly string[], context: ArtifactContext): Artifact {
  const spec = { seed: miniatureSeed, languages: [...languages].sort(), heldOutArticles };
  return buildJobArtifact(
    { verb: "benchmarks", name: ["benchmarks"], owner: context.stack, pathPrefix: "benchmarks/", spec },
    context,
  );
}

/** The dimensions of a Llama, under the keys of its config.json. */
interface LlamaArchitecture {
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly intermediate_size: number;
  readonly max_position_embeddings: number;
}

interface UntrainedModel {
  readonly name: string;
  readonly architecture: LlamaArchitecture;
  readonly vocabularySize: number;
  /** Languages of the text that the tokenizer is trained on. */
  readonly languages: readonly string[];
}

/** Builds a Llama with random weights and a new tokenizer: the base model of the miniature's continual pretraining. */
export function buildUntrainedModel({ name, ...model }: UntrainedModel, context: ArtifactContext): Artifact {
  const slug = formatSlug(name);
  const spec = { seed: miniatureSeed, ...model, languages: [...model.languages].sort() };
  return buildJobArtifact(
    { verb: "model", name: ["model", slug], owner: context.stack, pathPrefix: `models/${slug}-`, spec },
    context,
  );
}

/** Lists every language that some cell trains or evaluates on, English first. */
export function listMiniatureLanguages(): string[] {
  return filterTranslatedLanguages([english.code, ...listCategoryLanguages(Object.values(categories))]);
}

/** Describes a model of about a million parameters: a step on one CPU core takes a fraction of a second. */
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
