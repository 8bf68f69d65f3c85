import { basename } from "node:path/posix";
import { affectsResult } from "../../jobs/train/index.ts";
import type { InputChange } from "../preview/stepInputs.ts";
import { diffLeaves } from "../preview/stepInputs.ts";
import type { StoreFolder } from "./storeFolders.ts";

/** A folder that this commit names, beside the recorded folder of the same thing. */
export interface FolderMatch {
  readonly declared: StoreFolder;
  readonly recorded: StoreFolder;
  /** Changes of the code, which a user may judge to leave the results as they are. */
  readonly causes: readonly InputChange[];
  /** All other changes. If there are any, the results differ. */
  readonly obstacles: readonly InputChange[];
}

/** Names of folders by their former names, as paths in the store. */
export type NewNames = ReadonlyMap<string, string>;

/** Removes hashes: `scores/tiny-bi-alt-1a2b3c4d/sib200-5e6f7a8b` becomes `scores/tiny-bi-alt/sib200`. */
function removeHashes(path: string): string {
  return path.replaceAll(/(-|(?<=\/|^))[0-9a-f]{8}(?=\/|$)/g, "");
}

/** The thing that a folder holds, under whatever hash: of scores the checkpoint is part of it. */
function folderSubject({ path, spec }: StoreFolder): string {
  return `${removeHashes(path)} ${removeHashes(basename(spec.get("checkpoint") ?? ""))}`;
}

/** Replaces the folder at the beginning of an absolute path by its new name. */
function renamePath(path: string, names: NewNames, mount: string): string {
  const segments = path.slice(mount.length + 1).split("/");
  const lengths = segments.map((_, index) => index + 1);
  const length = lengths.find((count) => names.has(segments.slice(0, count).join("/")));
  if (!path.startsWith(`${mount}/`) || length === undefined) return path;
  const folder = names.get(segments.slice(0, length).join("/")) ?? "";
  return [mount, folder, ...segments.slice(length)].join("/");
}

/** True for a change that is not part of a name, unless a training would continue after its recorded end. */
function isHarmless({ input, new: value }: InputChange): boolean {
  const [key = "", setting = ""] = input.split(".");
  if (input === "checkpoints.stop") return value === "true";
  return key === "recipe"
    ? !affectsResult(setting)
    : ["checkpoints", "finalCheckpoint", "neededSequences", "shards"].includes(key);
}

/** Names of languages were part of the images before specs had them. */
function wasInImage({ input, old }: InputChange): boolean {
  return input.startsWith("languageNames.") && old === "unset";
}

/** Compares what computed two folders. Objects of before the annotation were named by their image. */
function compareCode(recorded: StoreFolder, declared: StoreFolder): InputChange[] {
  if (recorded.computedBy.size > 0) return diffLeaves(recorded.computedBy, declared.computedBy);
  return [{ input: "name", old: "of the image", new: "of the code" }];
}

interface MatchContext {
  readonly mount: string;
  readonly names: NewNames;
}

function compareFolders(recorded: StoreFolder, declared: StoreFolder, { mount, names }: MatchContext): FolderMatch {
  const spec = new Map([...recorded.spec].map(([input, value]) => [input, renamePath(value, names, mount)]));
  const changes = diffLeaves(spec, declared.spec).filter((change) => !isHarmless(change));
  const code = compareCode(recorded, declared);
  const moved = changes.some(wasInImage)
    ? [{ input: "names of languages", old: "in the image", new: "in the spec" }]
    : [];
  return {
    declared,
    recorded,
    causes: [...code.filter(({ input }) => input !== "device"), ...moved],
    obstacles: [...changes.filter((change) => !wasInImage(change)), ...code.filter(({ input }) => input === "device")],
  };
}

function findBestMatch(
  declared: StoreFolder,
  candidates: readonly StoreFolder[],
  context: MatchContext,
): FolderMatch | undefined {
  const matches = candidates.map((recorded) => compareFolders(recorded, declared, context));
  return matches.sort((a, b) => a.obstacles.length - b.obstacles.length)[0];
}

interface FoldersToMatch {
  readonly mount: string;
  readonly recorded: readonly StoreFolder[];
  /** Each after those that it is made from. */
  readonly declared: readonly StoreFolder[];
  /** Folders that have new names already, such as corpora of another stack. */
  readonly names: NewNames;
}

/**
 * Finds the recorded folder of each declared one that has another name by now. The paths in a spec count as equal if
 * they lead to folders that match.
 */
export function matchFolders({ mount, recorded, declared, names: knownNames }: FoldersToMatch): FolderMatch[] {
  const subjects = Map.groupBy(recorded, folderSubject);
  const recordedPaths = new Set(recorded.map(({ path }) => path));
  const names = new Map(knownNames);
  return declared.flatMap((folder) => {
    if (recordedPaths.has(folder.path)) return [];
    const match = findBestMatch(folder, subjects.get(folderSubject(folder)) ?? [], { mount, names });
    if (match === undefined) return [];
    if (match.obstacles.length === 0) names.set(match.recorded.path, folder.path);
    return match;
  });
}
