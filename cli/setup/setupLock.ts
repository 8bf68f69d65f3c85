import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { resolveCacheDirectory } from "../../workspace/environment.ts";

function resolveLockFile(): string {
  return resolve(resolveCacheDirectory(), "setup.lock");
}

/** Returns the id of the process that holds the lock; undefined if it was killed or has released the lock. */
function findLockHolder(): string | undefined {
  const pid = existsSync(resolveLockFile()) ? readFileSync(resolveLockFile(), "utf8") : "";
  return pid !== "" && existsSync(`/proc/${pid}`) ? pid : undefined;
}

/** Creates the lock atomically with its content, by a link(2) to a complete file; false if it exists. */
function linkLockFile(): boolean {
  const candidate = `${resolveLockFile()}.${String(process.pid)}`;
  writeFileSync(candidate, String(process.pid));
  try {
    linkSync(candidate, resolveLockFile());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(candidate, { force: true });
  }
}

/** @throws Error if the cache is not writable */
function tryToLock(): boolean {
  mkdirSync(resolveCacheDirectory(), { recursive: true });
  if (linkLockFile()) return true;
  if (findLockHolder() === undefined) rmSync(resolveLockFile(), { force: true });
  return false;
}

/** Runs the work while no other setup uses this cache, including those of other checkouts; waits for its turn. */
export async function runExclusively<T>(work: () => Promise<T>): Promise<T> {
  let announcedPid: string | undefined;
  while (!tryToLock()) {
    const pid = findLockHolder();
    if (pid !== undefined && pid !== announcedPid)
      console.log(`setup: process ${pid} is already building; waiting for it to finish`);
    announcedPid = pid ?? announcedPid;
    await sleep(1000);
  }
  try {
    return await work();
  } finally {
    rmSync(resolveLockFile(), { force: true });
  }
}
