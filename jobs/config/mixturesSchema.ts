import { z } from "zod";
import { buildMapSchema, evenIfFieldsAreInvalid, isMap } from "../../validation/completeSchemas.ts";
import { buildListSchema } from "../../validation/listSchema.ts";
import { ingredients } from "../matrix/axisNames.ts";
import { budgetUnits } from "../matrix/mixtureWeights.ts";
import {
  buildCountSchema,
  buildPatternSchema,
  buildRuleError,
  commitSchema,
  languageSchema,
  repositorySchema,
  wordCountSchema,
} from "./schemaParts.ts";

const directorySchema = buildPatternSchema(
  /^(?!.*\.\.)[\w.-]+(\/[\w.-]+)*$/,
  buildRuleError("not-a-name", "must be a folder of the store, like inputs/my-text"),
);

const locationMessage = "needs a repository with its revision, or a directory of the store; not both";
const placeholderMessage = "must contain {code} or {language} where the name of a language stands, once per pattern";

type WrittenSource = Partial<
  Record<"repository" | "revision" | "directory" | "files" | "languages" | "words", unknown>
>;

function hasLocation({ repository, revision, directory }: WrittenSource): boolean {
  return directory === undefined
    ? repository !== undefined && revision !== undefined
    : repository === undefined && revision === undefined;
}

/** Checks that the files of several languages differ: only a placeholder tells them apart. */
function hasPlaceholders({ files, languages }: WrittenSource): boolean {
  const patterns: readonly unknown[] = Array.isArray(files) ? files : [];
  const count = Array.isArray(languages) ? languages.length : 0;
  return count < 2 || patterns.every((pattern) => /\{(code|language)\}/.test(String(pattern)));
}

function listUnlistedWords({ languages, words }: WrittenSource): string[] {
  const known: readonly unknown[] = Array.isArray(languages) ? languages : [];
  return isMap(words) ? Object.keys(words).filter((language) => !known.includes(language)) : [];
}

export const textSourceSchema = z
  .strictObject({
    repository: repositorySchema.exactOptional(),
    revision: commitSchema.exactOptional(),
    directory: directorySchema.exactOptional(),
    files: z.array(z.string().min(1)).min(1),
    format: z.enum(["jsonl", "parquet", "tsv"]),
    column: z.string().min(1).exactOptional(),
    license: z.string().min(1).exactOptional(),
    languages: buildListSchema(languageSchema).default([]),
    words: buildMapSchema(languageSchema, wordCountSchema).default({}),
  })
  .superRefine((source: WrittenSource, context) => {
    const addIssue = (rule: string, path: string[], message: string): void =>
      context.addIssue({ code: "custom", path, message, params: { rule } });
    if (!hasLocation(source)) addIssue("missing-key", ["repository"], locationMessage);
    if (!hasPlaceholders(source)) addIssue("not-allowed", ["files"], placeholderMessage);
    for (const language of listUnlistedWords(source))
      addIssue("not-allowed", ["words", language], "not one of the languages of this source; add it to them");
  }, evenIfFieldsAreInvalid);

const shareSchema = z.number("must be a share, like 0.4").gt(0, "must be above 0; leave out what has no share").max(1);

/** Shares are written with few digits: a third is 0.333. */
const shareTolerance = 0.005;

function sumShares(shares: unknown): number {
  const values = isMap(shares) ? Object.values(shares) : [];
  return values.reduce<number>((sum, share) => sum + (typeof share === "number" ? share : NaN), 0);
}

const budgetSchema = buildCountSchema(1e13).exactOptional();

const weightedMixtureSchema = z
  .strictObject({
    shares: z.record(z.string(), shareSchema),
    tokens: budgetSchema,
    words: budgetSchema,
    bytes: budgetSchema,
    temperature: z.number().min(1).max(100).default(1),
    repeat: buildCountSchema(100).default(1),
  })
  .superRefine((mixture: Readonly<Record<string, unknown>>, context) => {
    const addIssue = (rule: string, path: string, message: string): void =>
      context.addIssue({ code: "custom", path: [path], message, params: { rule } });
    const sum = sumShares(mixture["shares"]);
    if (Math.abs(sum - 1) > shareTolerance)
      addIssue("shares-not-one", "shares", `add up to ${String(Number(sum.toPrecision(4)))}; they must add up to 1`);
    const [first, ...others] = budgetUnits.filter((unit) => mixture[unit] !== undefined);
    if (first === undefined)
      addIssue("missing-key", "tokens", `missing; shares divide a budget, in one of ${budgetUnits.join(", ")}`);
    for (const unit of others)
      addIssue("not-allowed", unit, `${first ?? ""} is given, too; keep one, because a mixture has one budget`);
  }, evenIfFieldsAreInvalid);

export const mixtureSchema = z.union(
  [buildListSchema(z.enum(ingredients)).min(1), weightedMixtureSchema],
  buildRuleError(
    "not-allowed",
    "must be a list of ingredients, like [monolingual, code], or shares with a budget, like " +
      "{shares: {monolingual: 0.8, code: 0.2}, tokens: 400000000}",
  ),
);

export type WeightedMixture = z.infer<typeof weightedMixtureSchema>;
