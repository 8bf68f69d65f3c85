import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
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

/**
 * Creates the lock atomically with its content, by a link(2) to a complete file.
 * @returns the content; undefined if the lock exists
 */
function linkLockFile(): string | undefined {
  const candidate = `${resolveLockFile()}.${hostname()}-${String(process.pid)}`;
  const text = renderLock("./mixcpt setup");
  writeFileSync(candidate, text);
  try {
    linkSync(candidate, resolveLockFile());
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  } finally {
    rmSync(candidate, { force: true });
  }
}

/** Removes the lock if it has this content: by now it may be that of another process. */
function removeLock(text: string): void {
  if (readLock(resolveLockFile())?.text === text) rmSync(resolveLockFile(), { force: true });
}

/**
 * Removes a lock that was found to be stale, unless another process has replaced it by its own since. The kernel lets
 * one process at a time compare and remove, also after one was killed. Node.js has no flock(2); a machine without the
 * program, such as one with macOS, compares without it.
 */
function removeStaleLock(text: string): void {
  const file = resolveLockFile();
  const script = `[ ! -f "$0" ] || [ "$(tr -d '[:space:]' <"$0")" != "$1" ] || rm -f "$0"`;
  const args = [`${file}.takeover`, "sh", "-c", script, file, text.replaceAll(/\s/g, "")];
  const { error, status } = spawnSync("flock", args, { stdio: "ignore" });
  if (error !== undefined || status !== 0) removeLock(text);
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
  removeStaleLock(text);
  return undefined;
}

/** Runs the work while no other setup uses this cache, including those of other checkouts; waits for its turn. */
export async function runExclusively<T>(work: () => Promise<T>): Promise<T> {
  const file = resolveLockFile();
  mkdirSync(resolveCacheDirectory(), { recursive: true });
  let announced: string | undefined;
  let own: string | undefined;
  while ((own = linkLockFile()) === undefined) {
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
    removeLock(own);
  }
}

/** Runs work that can be left out if another setup uses this cache. */
export function runUnlessLocked(work: () => void): void {
  mkdirSync(resolveCacheDirectory(), { recursive: true });
  const own = linkLockFile() ?? (releaseStaleLock() === undefined ? linkLockFile() : undefined);
  if (own === undefined) return;
  try {
    work();
  } finally {
    removeLock(own);
  }
}
