import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { checkoutDirectory } from "./environment.ts";

/** Written by `npm run computing-code`. */
export const computingCodeFile = resolve(checkoutDirectory, "images/computing-code.json");

const entrySchema = z.strictObject({
  version: z.int().min(1),
  /** Versions of the packages that compute. */
  packages: z.record(z.string(), z.string()),
  /** SHA-256 of this project's modules that compute, by path below images/. */
  modules: z.record(z.string(), z.string()),
});
const computingCodeSchema = z.strictObject({
  mixture: entrySchema,
  benchmarks: entrySchema,
  model: entrySchema,
  tokenise: entrySchema,
  train: entrySchema,
  evaluate: entrySchema,
});

type RecordedComputation = keyof z.infer<typeof computingCodeSchema>;
export type ComputingCodeFile = Readonly<Record<RecordedComputation, z.infer<typeof entrySchema>>>;

/** Reads the record of the code in images/ that decides results. */
export function readComputingCodeFile(): ComputingCodeFile {
  return computingCodeSchema.parse(JSON.parse(readFileSync(computingCodeFile, "utf8")));
}

type ComputingCodeVersions = Readonly<
  Record<RecordedComputation, { version: number; packages: Readonly<Record<string, string>> }>
>;

/** Reads the part of the record that names of results cover: no digests, because not every change changes results. */
export function readComputingCode(): ComputingCodeVersions {
  return Object.fromEntries(
    Object.entries(readComputingCodeFile()).map(([name, { version, packages }]) => [name, { version, packages }]),
  ) as ComputingCodeVersions;
}
