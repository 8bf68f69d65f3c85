import type { ModelShape } from "../matrix/index.ts";
import { families } from "../matrix/index.ts";

export const llama2Shape: ModelShape = families["llama-2"].shape;
export const llama31Shape: ModelShape = families["llama-3.1"].shape;
