import { existsSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { resolve } from "node:path";

/** Every change of images/ builds a set of more than a gigabyte; other checkouts may still use an earlier one. */
const keptDays = 14;
const dayMs = 24 * 3600 * 1000;

/** The sets of images in the cache, and what an interrupted set-up has left of one. */
const imageSetPattern = /^[a-z-]+-[0-9a-f]{12}(\.partial(\.out)?)?$/;

/**
 * Removes sets of images that no set-up of any checkout has used for two weeks, and marks those in use.
 * @param directory the folder of the sets
 * @param used the names of the sets that this checkout uses
 * @returns the names of the removed sets
 */
export function removeUnusedImageSets(directory: string, used: readonly string[], now: Date): string[] {
  if (!existsSync(directory)) return [];
  const sets = readdirSync(directory).filter((name) => imageSetPattern.test(name));
  for (const name of sets) if (used.includes(name)) utimesSync(resolve(directory, name), now, now);
  const unused = sets.filter(
    (name) => now.getTime() - statSync(resolve(directory, name)).mtimeMs > keptDays * dayMs && !used.includes(name),
  );
  for (const name of unused) rmSync(resolve(directory, name), { recursive: true, force: true });
  return unused;
}
