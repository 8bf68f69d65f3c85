import { z } from "zod";
import type { GpuModel } from "./catalogue.ts";
import { gpuModels } from "./catalogue.ts";

const isGpuModel = (name: unknown): boolean => (gpuModels as readonly unknown[]).includes(name);

/** GPUs have names so alike that the nearest word is another GPU: none is suggested. */
export const gpuModelSchema = z.custom<GpuModel>(isGpuModel, { error: `allowed: ${gpuModels.join(", ")}`, params: { rule: "not-allowed" } });
