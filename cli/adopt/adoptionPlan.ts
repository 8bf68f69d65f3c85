import { existsSync, lstatSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import type { FolderMatch, NewNames } from "./matchFolders.ts";
import type { StoreFolder } from "./storeFolders.ts";
import { storeSections } from "./storeFolders.ts";

/** A match that is not linked, and the file that decides so, as a path in the store. */
interface MatchWithFile extends FolderMatch {
  readonly file: string;
}

/** What becomes of each match. */
export interface AdoptionPlan {
  readonly linked: readonly FolderMatch[];
  /** The recorded folder lacks the file. */
  readonly unfinished: readonly MatchWithFile[];
  /** The new name has a finished folder, or the link. */
  readonly existing: readonly FolderMatch[];
  /** The new name has a folder that lacks the file. */
  readonly blocked: readonly MatchWithFile[];
  /** More than the code has changed. */
  readonly refused: readonly FolderMatch[];
}

/** @throws Error if the folder does not exist, or holds nothing that a step writes */
export function refuseOtherFolder(store: string): void {
  const isFolder = existsSync(store) && statSync(store).isDirectory();
  if (isFolder && storeSections.some((section) => existsSync(join(store, section)))) return;
  const problem = isFolder ? `has no folder ${storeSections.join(", ")}` : "is not a folder";
  throw new Error(`--store: ${store} ${problem}; name the folder that pods mount as the store`);
}

/** Reads the links of earlier adoptions, of this stack and of others: new names by the former ones. */
export function readNewNames(store: string): NewNames {
  const names = storeSections.flatMap((section) => {
    if (!existsSync(join(store, section))) return [];
    const links = readdirSync(join(store, section), { withFileTypes: true }).filter((entry) => entry.isSymbolicLink());
    return links.map(({ name }): [string, string] => {
      const target = readlinkSync(join(store, section, name));
      return [normalize(join(section, target)), `${section}/${name}`];
    });
  });
  return new Map(names);
}

function hasEntry(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Finds a file that a step would need to end at once; undefined if the folder has all of them. */
function findMissingFile(store: string, path: string, { files }: StoreFolder): string | undefined {
  const missing = files.find((file) => !existsSync(join(store, path, file)));
  return missing === undefined ? undefined : join(path, missing);
}

interface MatchOutcome {
  readonly outcome: keyof AdoptionPlan;
  readonly match: MatchWithFile;
}

function decideMatch(store: string, match: FolderMatch): MatchOutcome {
  const { declared, recorded, obstacles } = match;
  const decide = (outcome: keyof AdoptionPlan, file = ""): MatchOutcome => ({ outcome, match: { ...match, file } });
  if (obstacles.length > 0) return decide("refused");
  const missing = findMissingFile(store, recorded.path, declared);
  if (!hasEntry(join(store, declared.path)))
    return missing === undefined ? decide("linked") : decide("unfinished", missing);
  const lacking = findMissingFile(store, declared.path, declared);
  return lacking === undefined ? decide("existing") : decide("blocked", lacking);
}

/** Plans the links in a store, which is only read. */
export function planAdoption(store: string, matches: readonly FolderMatch[]): AdoptionPlan {
  const outcomes = matches.map((match) => decideMatch(store, match));
  const select = (wanted: keyof AdoptionPlan) =>
    outcomes.flatMap(({ outcome, match }) => (outcome === wanted ? [match] : []));
  return {
    linked: select("linked"),
    unfinished: select("unfinished"),
    existing: select("existing"),
    blocked: select("blocked"),
    refused: select("refused"),
  };
}

/** The objects whose pods write folders that are linked, or would be if they were finished. */
export function listWriters({ linked, unfinished }: AdoptionPlan): ReadonlySet<string> {
  return new Set([...linked, ...unfinished].map(({ recorded }) => recorded.object));
}
