import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { MixtureTokens } from "../../jobs/data/index.ts";
import { sourceNames } from "../../jobs/data/index.ts";

/** The part of a tokenized corpus's STATS.json that a plan reads. */
const statisticsSchema = z.object({
  total: z.int().positive(),
  sources: z.record(z.string(), z.int()),
  languages: z.record(z.string(), z.int()),
  /** Missing in statistics of before sequences were counted. */
  sequences: z.object({ train: z.int().positive() }).exactOptional(),
});

function parseStatistics(file: string): z.infer<typeof statisticsSchema> {
  try {
    return statisticsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new Error(`${file}: not the statistics of a tokenized corpus; check what --store names`, { cause: error });
  }
}

function buildCountedTokens({ total, sources, languages, sequences }: z.infer<typeof statisticsSchema>): MixtureTokens {
  const ingredients = Object.entries(sourceNames).flatMap(([source, name]): [string, number][] =>
    sources[name] === undefined ? [] : [[source, sources[name]]],
  );
  const added = Object.entries(sources).filter(([name]) => !Object.values(sourceNames).includes(name));
  const byLanguage = Object.entries(languages).filter(([language]) => language !== "code");
  return {
    total,
    low: total,
    high: total,
    from: "STATS.json",
    ...(sequences !== undefined && { sequences: sequences.train }),
    bySource: Object.fromEntries([...ingredients, ...added]),
    byLanguage: Object.fromEntries(byLanguage),
  };
}

/**
 * Reads the tokens of a tokenized corpus; undefined if the store has no complete one. Its folder carries a hash of
 * everything that determines the tokens, so the numbers are those of this corpus.
 * @param store a folder that is the store, or has its folder `tokenised`
 * @param path path of the tokenized corpus, relative to the store
 * @throws Error for statistics that cannot be read
 */
export function readCountedTokens(store: string, path: string): MixtureTokens | undefined {
  const folder = join(store, path);
  if (!existsSync(join(folder, "COMPLETE"))) return undefined;
  return buildCountedTokens(parseStatistics(join(folder, "STATS.json")));
}
