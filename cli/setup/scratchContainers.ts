import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { resolveCacheDirectory } from "../../workspace/environment.ts";
import { hasHolderEnded, readLock, renderLock } from "../lockHolder.ts";
import { isFolderUsed, listMountsBelow } from "./processMounts.ts";

/** Names the process that made a folder. */
const ownerFile = "owner";

/** A folder without an owner is being made, or is of an earlier version: no container of that works for so long. */
const ownerlessMs = 24 * 3600 * 1000;

/** Makes the folder of all containers. The kernel names mounts by paths without links, such as one to another disk. */
function makeContainersFolder(): string {
  const folder = resolve(resolveCacheDirectory(), "containers");
  mkdirSync(folder, { recursive: true });
  return realpathSync(folder);
}

/** Makes a folder for the storage of one container. */
export function makeScratchFolder(): string {
  const folder = mkdtempSync(`${makeContainersFolder()}/`);
  writeFileSync(resolve(folder, ownerFile), renderLock("a container of an image"));
  return folder;
}

function isAbandoned(folder: string, now: Date): boolean {
  const owner = readLock(resolve(folder, ownerFile));
  const hasEnded = owner === undefined ? now.getTime() - statSync(folder).mtimeMs > ownerlessMs : hasHolderEnded(owner);
  // A process that was killed leaves behind what it has started.
  return hasEnded && !isFolderUsed(folder);
}

/** Removes the folder of a process that is gone, after what is mounted in it; false if it stays. */
async function removeIfAbandoned(folder: string, now: Date): Promise<boolean> {
  try {
    if (!isAbandoned(folder, now)) return false;
    for (const mount of listMountsBelow(folder)) await execa("umount", [mount]);
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false; // another call removes it now, or the root is still in use
  }
}

/**
 * Removes the containers of processes that were killed: each may have hundreds of megabytes and a mounted root.
 * @returns the names of the removed folders
 */
export async function removeAbandonedContainers(now: Date): Promise<string[]> {
  const parent = makeContainersFolder();
  const removed = [];
  for (const name of readdirSync(parent)) if (await removeIfAbandoned(resolve(parent, name), now)) removed.push(name);
  return removed;
}
