import { categories, english, families } from "../matrix/index.ts";
import type { UntrainedModel } from "./artifacts.ts";
import { filterTranslatedLanguages } from "./declaration.ts";

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
