import { z } from "zod";
import { checkDevices, deviceFields } from "../hardware/deviceSchema.ts";
import { additionSchemas } from "./additionsSchema.ts";
import { benchmarksSchema } from "./benchmarksSchema.ts";
import { protocolNames } from "../matrix/families.ts";
import { benchmarkRepositories, hubRepositories } from "../matrix/hubRepositories.ts";
import { buildCountSchema, buildListSchema, buildRuleError, commitSchema } from "./schemaParts.ts";

const objectNameSchema = z
  .string()
  .refine(
    (name) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name),
    buildRuleError(
      "not-a-name",
      "must be the name of a Kubernetes object: at most 63 lowercase letters, digits and dashes",
    ),
  );

const pinnableRepositories = [...hubRepositories, ...Object.values(benchmarkRepositories)];

/** The names on each axis of the matrix: the study's and those that the stack adds. */
export interface MatrixNames {
  readonly families: readonly string[];
  readonly mixtures: readonly string[];
  readonly categories: readonly string[];
}

/** Builds the keys that both kinds of stack have. An omitted axis means all its names. */
function buildCommonKeys({ mixtures, categories }: MatrixNames) {
  return {
    axes: z
      .strictObject({
        data: buildListSchema(z.enum(mixtures))
          .min(1)
          .default([...mixtures]),
        categories: buildListSchema(z.enum(categories))
          .min(1)
          .default([...categories]),
      })
      .prefault({}),
    ...additionSchemas,
    cluster: z.string().min(1).default("dev"),
    tokenSecret: objectNameSchema.exactOptional(),
    revisions: z
      .strictObject(Object.fromEntries(pinnableRepositories.map((name) => [name, commitSchema.optional()])))
      .default({}),
  };
}

const priceSchema = z.strictObject({
  perGpuHour: z.number().min(0),
  currency: z
    .string()
    .refine(
      (text) => /^[A-Z]{3}$/.test(text),
      buildRuleError("not-a-currency", "must be a currency code of three capital letters, like EUR"),
    ),
});

export function buildFamilySchema(overrideSchema: z.ZodObject, names: MatrixNames) {
  return z.strictObject({
    family: z.enum(names.families),
    protocol: z.enum(protocolNames),
    ...buildCommonKeys(names),
    hardware: checkDevices(z.strictObject({ ...deviceFields, nodesPerCell: buildCountSchema(1024).default(1) })),
    overrides: z.record(z.string(), overrideSchema).default({}),
    kind: z.literal("family").default("family"),
    queue: objectNameSchema.default("gpu"),
    price: priceSchema.exactOptional(),
    sequenceLength: buildCountSchema(131072).exactOptional(),
    benchmarks: benchmarksSchema,
  });
}

export function buildCorporaSchema(names: MatrixNames) {
  return z.strictObject({ kind: z.literal("corpora"), ...buildCommonKeys(names) });
}

export type ParsedFamily = z.infer<ReturnType<typeof buildFamilySchema>>;
export type ParsedCorpora = z.infer<ReturnType<typeof buildCorporaSchema>>;
