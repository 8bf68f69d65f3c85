import { z } from "zod";
import type { GpuModel } from "./catalogue.ts";
import { gpuModels } from "./catalogue.ts";

const isModel = (name: unknown): boolean => (gpuModels as readonly unknown[]).includes(name);

/** GPUs have names so alike that the nearest word is another GPU: none is suggested. */
export const gpuModel = z.custom<GpuModel>(isModel, { error: `allowed: ${gpuModels.join(", ")}`, params: { rule: "not-allowed" } });
