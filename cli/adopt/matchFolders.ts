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

/** The folder that each link leads to in the end, both as paths in the store. */
export type LinkTargets = ReadonlyMap<string, string>;

/** Removes hashes: `scores/tiny-bi-alt-1a2b3c4d/sib200-5e6f7a8b` becomes `scores/tiny-bi-alt/sib200`. */
export function removeHashes(path: string): string {
  return path.replaceAll(/(-|(?<=\/|^))[0-9a-f]{8}(?=\/|$)/g, "");
}

/** The device of objects that do not record it. */
export const unknownDevice = "unknown";

/** The thing that a folder holds, under whatever hash: of scores the checkpoint is part of it. */
function folderSubject({ path, spec }: StoreFolder): string {
  return `${removeHashes(path)} ${removeHashes(basename(spec.get("checkpoint") ?? ""))}`;
}

/** Replaces the link at the beginning of an absolute path by the folder that it leads to. */
function followLink(path: string, { mount, targets }: MatchContext): string {
  const segments = path.slice(mount.length + 1).split("/");
  const lengths = segments.map((_, index) => index + 1);
  const length = lengths.find((count) => targets.has(segments.slice(0, count).join("/")));
  if (!path.startsWith(`${mount}/`) || length === undefined) return path;
  const folder = targets.get(segments.slice(0, length).join("/")) ?? "";
  return [mount, folder, ...segments.slice(length)].join("/");
}

/** True for two names of one folder. */
function isRenaming({ old, new: value }: InputChange, context: MatchContext): boolean {
  return followLink(old, context) === followLink(value, context);
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

/**
 * Compares what computed two folders. Objects of before the annotation were named by their image, and do not say on
 * which model of GPU they ran.
 */
function compareCode(recorded: StoreFolder, declared: StoreFolder, isSameDevice: boolean): InputChange[] {
  if (recorded.computedBy.size > 0) return diffLeaves(recorded.computedBy, declared.computedBy);
  const device = declared.computedBy.get("device");
  return [
    { input: "name", old: "of the image", new: "of the code" },
    ...(device === undefined || isSameDevice ? [] : [{ input: "device", old: unknownDevice, new: device }]),
  ];
}

interface MatchContext {
  readonly mount: string;
  readonly targets: LinkTargets;
  readonly isSameDevice: boolean;
}

function compareFolders(recorded: StoreFolder, declared: StoreFolder, context: MatchContext): FolderMatch {
  const changes = diffLeaves(recorded.spec, declared.spec).filter(
    (change) => !isHarmless(change) && !isRenaming(change, context),
  );
  const code = compareCode(recorded, declared, context.isSameDevice);
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
  /** The links of earlier adoptions, such as those of corpora of another stack. */
  readonly targets: LinkTargets;
  /** True if the user states that objects which do not record their model of GPU ran on the present one. */
  readonly isSameDevice: boolean;
}

/**
 * Finds the recorded folder of each declared one that has another name by now, which an interrupted `up` may have
 * recorded, too. Paths in a spec count as equal if they lead to one folder, or to folders that match.
 */
export function matchFolders({ recorded, declared, targets: knownTargets, ...options }: FoldersToMatch): FolderMatch[] {
  const subjects = Map.groupBy(recorded, folderSubject);
  const targets = new Map(knownTargets);
  return declared.flatMap((folder) => {
    const candidates = (subjects.get(folderSubject(folder)) ?? []).filter(({ path }) => path !== folder.path);
    const match = findBestMatch(folder, candidates, { ...options, targets });
    if (match === undefined) return [];
    const { path } = match.recorded;
    if (match.obstacles.length === 0) targets.set(folder.path, targets.get(path) ?? path);
    return match;
  });
}
