import { categories, english } from "../matrix/index.ts";
import type { UntrainedModel } from "./artifacts.ts";
import { translated } from "./declaration.ts";

/** Every language that some cell is trained or evaluated on, English first. */
export function miniatureLanguages(): string[] {
  const all = Object.values(categories).flatMap(({ training, related }) => [...training, ...related]);
  return translated([...new Set([english.code, ...all])]);
}

/** About two million parameters: a step on one CPU core takes a fraction of a second. */
export function miniatureModel(): UntrainedModel {
  return {
    name: "tiny",
    architecture: {
      hidden_size: 128,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      intermediate_size: 384,
      max_position_embeddings: 2048,
    },
    vocabularySize: 6000,
    languages: miniatureLanguages(),
  };
}
