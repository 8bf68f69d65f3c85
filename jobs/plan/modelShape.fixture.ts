import type { ModelShape } from "./modelShape.ts";

export const llama2: ModelShape = { parameters: 6.74e9, hidden: 4096, layers: 32, heads: 32, keyValueHeads: 32, feedForward: 11008, vocabulary: 32000 };
export const llama31: ModelShape = { parameters: 8.03e9, hidden: 4096, layers: 32, heads: 32, keyValueHeads: 8, feedForward: 14336, vocabulary: 128256 };
