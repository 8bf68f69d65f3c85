import { z } from "zod";
import { gpuModel } from "../hardware/gpuSchema.ts";
import { additions } from "./additionsSchema.ts";
import { benchmarks } from "./benchmarksSchema.ts";
import { protocolNames } from "./families.ts";
import { benchmarkRepositories, repositories } from "./repositories.ts";
import { commit, count, custom, listOf } from "./schemaParts.ts";

const objectName = z.string().refine((name) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name), custom("not-a-name", "this must be the name of a Kubernetes object: at most 63 lower case letters, digits and dashes"));

const pinned = [...repositories, ...Object.values(benchmarkRepositories)];

/** Names of the matrix: the study's, and those that the stack adds. */
export interface Names {
  families: readonly string[];
  mixtures: readonly string[];
  categories: readonly string[];
}

/** What a stack of a family and the stack of the corpora have in common. All names of an axis where it is left out. */
const common = ({ mixtures, categories }: Names) => ({
  axes: z.strictObject({ data: listOf(z.enum(mixtures)).min(1).default([...mixtures]), categories: listOf(z.enum(categories)).min(1).default([...categories]) }).prefault({}),
  ...additions,
  cluster: z.string().min(1).default("dev"),
  tokenSecret: objectName.exactOptional(),
  revisions: z.strictObject(Object.fromEntries(pinned.map((name) => [name, commit.optional()]))).default({}),
});

const price = z.strictObject({
  perGpuHour: z.number().min(0),
  currency: z.string().refine((text) => /^[A-Z]{3}$/.test(text), custom("not-a-currency", "this must be a currency code of three capital letters, like EUR")),
});

export function familySchema(recipeKeys: z.ZodObject, names: Names) {
  return z.strictObject({
    family: z.enum(names.families),
    protocol: z.enum(protocolNames),
    ...common(names),
    hardware: z.strictObject({ gpu: gpuModel, nodesPerCell: count(1024).default(1), devicesPerNode: count(16) }),
    overrides: z.record(z.string(), recipeKeys).default({}),
    kind: z.literal("family").default("family"),
    queue: objectName.default("gpu"),
    price: price.exactOptional(),
    sequenceLength: count(131072).exactOptional(),
    benchmarks,
  });
}

export const corporaSchema = (names: Names) => z.strictObject({ kind: z.literal("corpora"), ...common(names) });

export type ParsedFamily = z.infer<ReturnType<typeof familySchema>>;
export type ParsedCorpora = z.infer<ReturnType<typeof corporaSchema>>;
