import { z } from "zod";
import { ingredients } from "./dataKinds.ts";
import { commit, count, custom, language, languagePair, listOf } from "./schemaParts.ts";

const longestName = 20;
const isName = (text: string): boolean => text.length <= longestName && /^[A-Za-z0-9]+([.+-][A-Za-z0-9]+)*$/.test(text);

/** Ids, slugs and labels are made of these. */
const name = z.string().refine(isName, custom("not-a-name", `this must be at most ${String(longestName)} letters and digits, with single dots, dashes or plus signs between them`));

const repository = z.string().refine((text) => /^[\w.-]+\/[\w.-]+$/.test(text), custom("not-a-name", "this must be a repository of the hub, like Qwen/Qwen2.5-7B"));

const shape = z.strictObject({
  parameters: count(1e13),
  hidden: count(1e6),
  layers: count(1e4),
  heads: count(1e4),
  keyValueHeads: count(1e4),
  feedForward: count(1e7),
  vocabulary: count(1e7),
});

const family = z.strictObject({
  title: z.string().min(1),
  prefix: name,
  repository,
  revision: commit,
  gated: z.boolean().default(false),
  shape,
});

const tokens = count(1e13);

const category = z.strictObject({
  title: z.string().min(1),
  training: listOf(language),
  related: listOf(language).default([]),
  tokens: z
    .strictObject({ monolingual: z.record(language, tokens).default({}), bilingual: z.record(languagePair, z.tuple([tokens, tokens], "this must be two numbers, as in [12672195, 9196313]")).default({}) })
    .prefault({}),
});

/** What a stack adds to the study's matrix, by name. */
export const additions = {
  families: z.record(name, family).default({}),
  mixtures: z.record(name, listOf(z.enum(ingredients)).min(1)).default({}),
  categories: z.record(name, category).default({}),
};

export type Additions = { [Key in keyof typeof additions]: z.infer<(typeof additions)[Key]> };
