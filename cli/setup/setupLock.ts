import { linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { resolveCacheDirectory } from "../../workspace/environment.ts";
import {
  formatBreakCommand,
  formatLockHolder,
  formatLockTime,
  hasHolderEnded,
  readLock,
  renderLock,
} from "../lockHolder.ts";
import type { HeldLock } from "../lockHolder.ts";

function resolveLockFile(): string {
  return resolve(resolveCacheDirectory(), "setup.lock");
}

/** Creates the lock atomically with its content, by a link(2) to a complete file; false if it exists. */
function linkLockFile(): boolean {
  const candidate = `${resolveLockFile()}.${String(process.pid)}`;
  writeFileSync(candidate, renderLock("./mixcpt setup"));
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

/**
 * Removes a lock that no process holds.
 * @returns the lock of a process that may still run; undefined if the way is free
 * @throws Error for a file that is not a lock of setup
 */
function releaseStaleLock(): HeldLock | undefined {
  const lock = readLock(resolveLockFile());
  if (lock === undefined) return undefined;
  const { file, text, lockedAt, holder } = lock;
  if (holder !== undefined && !hasHolderEnded(lock)) return { ...lock, holder };
  // A lock is never empty while setup runs, because it is linked with its content.
  if (text === "")
    console.log(
      `setup: ${file} is empty since ${formatLockTime(lockedAt)}, ` +
        "because a machine stopped before its content was on the disk; taking it over",
    );
  else if (holder === undefined)
    throw new Error(
      `${file} is not a lock of setup: it was written at ${formatLockTime(lockedAt)} and begins with ` +
        `${JSON.stringify(text.slice(0, 40))}; if no setup is running, remove it with ${formatBreakCommand(file)}`,
    );
  rmSync(file, { force: true });
  return undefined;
}

/** Runs the work while no other setup uses this cache, including those of other checkouts; waits for its turn. */
export async function runExclusively<T>(work: () => Promise<T>): Promise<T> {
  const file = resolveLockFile();
  mkdirSync(resolveCacheDirectory(), { recursive: true });
  let announced: string | undefined;
  while (!linkLockFile()) {
    const lock = releaseStaleLock();
    if (lock === undefined) continue;
    if (lock.text !== announced)
      console.log(
        `setup: ${file} is held by ${formatLockHolder(lock.holder, lock.lockedAt)}; waiting for it to finish ` +
          `(if it no longer runs: ${formatBreakCommand(file)})`,
      );
    announced = lock.text;
    await sleep(1000);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Runs work that can be left out if another setup uses this cache. */
export function runUnlessLocked(work: () => void): void {
  mkdirSync(resolveCacheDirectory(), { recursive: true });
  if (!linkLockFile() && (releaseStaleLock() !== undefined || !linkLockFile())) return;
  try {
    work();
  } finally {
    rmSync(resolveLockFile(), { force: true });
  }
}
