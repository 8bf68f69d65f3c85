import { existsSync, lstatSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import type { FolderMatch, LinkTargets } from "./matchFolders.ts";
import { removeHashes } from "./matchFolders.ts";
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
  /** The recorded folder lacks the file, and an active run writes it. */
  readonly running: readonly MatchWithFile[];
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

/** Lists the links of a section, with what each of them leads to directly. */
function listLinks(store: string, section: string): [string, string][] {
  if (!existsSync(join(store, section))) return [];
  return readdirSync(join(store, section), { withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink())
    .map(({ name }) => [`${section}/${name}`, normalize(join(section, readlinkSync(join(store, section, name))))]);
}

/** Follows links that lead to links. A circle, which only a person can have made, ends at a link already passed. */
function followLinks(link: string, links: ReadonlyMap<string, string>): string {
  const passed = new Set<string>();
  let path = link;
  while (!passed.has(path)) {
    passed.add(path);
    path = links.get(path) ?? path;
  }
  return path;
}

/** Reads the links of earlier adoptions, of this stack and of others, with the folder that each leads to in the end. */
export function readLinkTargets(store: string): LinkTargets {
  const links = new Map(storeSections.flatMap((section) => listLinks(store, section)));
  return new Map([...links.keys()].map((link) => [link, followLinks(link, links)]));
}

/** Sections with folders that are costly to compute, and that have the name of what they hold. */
const namedSections = ["corpora", "runs"];

/**
 * Lists folders of the store that are named like those of a stack, but with another hash, and that no link leads to.
 * After an `up`, the state no longer says what they hold.
 */
export function listEarlierFolders(store: string, folders: readonly StoreFolder[]): string[] {
  const subjects = new Set(folders.map(({ path }) => removeHashes(path)));
  const known = new Set([...folders.map(({ path }) => path), ...readLinkTargets(store).values()]);
  return namedSections.flatMap((section) => {
    if (!existsSync(join(store, section))) return [];
    return readdirSync(join(store, section), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${section}/${name}`)
      .filter((path) => subjects.has(removeHashes(path)) && !known.has(path));
  });
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

/** Objects of active runs, by kind and name. */
type ActiveObjects = ReadonlySet<string>;

function decideMatch(store: string, match: FolderMatch, active: ActiveObjects): MatchOutcome {
  const { declared, recorded, obstacles } = match;
  const decide = (outcome: keyof AdoptionPlan, file = ""): MatchOutcome => ({ outcome, match: { ...match, file } });
  if (obstacles.length > 0) return decide("refused");
  const missing = findMissingFile(store, recorded.path, declared);
  if (!hasEntry(join(store, declared.path))) {
    if (missing === undefined) return decide("linked");
    return decide(active.has(recorded.object) ? "running" : "unfinished", missing);
  }
  const lacking = findMissingFile(store, declared.path, declared);
  return lacking === undefined ? decide("existing") : decide("blocked", lacking);
}

/** Plans the links in a store, which is only read. */
export function planAdoption(
  store: string,
  matches: readonly FolderMatch[],
  active: ActiveObjects = new Set(),
): AdoptionPlan {
  const outcomes = matches.map((match) => decideMatch(store, match, active));
  const select = (wanted: keyof AdoptionPlan) =>
    outcomes.flatMap(({ outcome, match }) => (outcome === wanted ? [match] : []));
  return {
    linked: select("linked"),
    unfinished: select("unfinished"),
    running: select("running"),
    existing: select("existing"),
    blocked: select("blocked"),
    refused: select("refused"),
  };
}

/** The objects whose pods write folders that are linked. */
export function listWriters({ linked }: AdoptionPlan): ReadonlySet<string> {
  return new Set(linked.map(({ recorded }) => recorded.object));
}
