/** What a model's size and memory follow from, in the words of its config.json. */
export interface ModelShape {
  /** All weights, embeddings included. */
  parameters: number;
  hidden: number;
  layers: number;
  heads: number;
  keyValueHeads: number;
  feedForward: number;
  /** Rows of the embedding, padding included. */
  vocabulary: number;
}
