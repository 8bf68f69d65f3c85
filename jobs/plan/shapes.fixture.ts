import type { ModelShape } from "../matrix/index.ts";
import { families } from "../matrix/index.ts";

export const llama2: ModelShape = families["llama-2"].shape;
export const llama31: ModelShape = families["llama-3.1"].shape;
