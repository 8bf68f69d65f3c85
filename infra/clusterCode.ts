import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import type { ComputingCodes } from "../jobs/kube/computingCode.ts";
import { computations, computingCodeSchema } from "../jobs/kube/computingCode.ts";
import { checkoutDirectory } from "../workspace/environment.ts";
import type { ClusterConfig } from "./clusterConfig.ts";

/** Written by `npm run computing-code`. */
export const computingCodeFile = resolve(checkoutDirectory, "images/computing-code.json");

const computingCodeFileSchema = z.record(
  z.enum(computations),
  z.strictObject({
    ...computingCodeSchema.shape,
    /** SHA-256 of this project's modules that compute, by path below images/. */
    modules: z.record(z.string(), z.string()),
  }),
);
export type ComputingCodeFile = Readonly<z.infer<typeof computingCodeFileSchema>>;

/** Reads the record of the code in images/ that decides results. */
export function readComputingCodeFile(): ComputingCodeFile {
  return computingCodeFileSchema.parse(JSON.parse(readFileSync(computingCodeFile, "utf8")));
}

/**
 * Reads the code of a cluster's images: that of this commit, with the packages of images that the site builds. Names of
 * results cover it, so it has no digests of modules: not every change of a module changes results.
 * @param config undefined for a cluster that infra/ does not declare
 */
export function readClusterCode(config?: ClusterConfig): ComputingCodes {
  const code = readComputingCodeFile();
  const added = config !== undefined && "packages" in config ? (config.packages ?? {}) : {};
  const entries = computations.map((name) => {
    const { version, packages } = code[name];
    return [name, { version, packages: { ...packages, ...added[name] } }];
  });
  return Object.fromEntries(entries) as ComputingCodes;
}
