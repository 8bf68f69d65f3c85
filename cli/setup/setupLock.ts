import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { resolveCacheDirectory } from "../../workspace/environment.ts";

function resolveLockFile(): string {
  return resolve(resolveCacheDirectory(), "setup.lock");
}

/** The process that holds the lock; undefined where it was killed or let go in the meantime. */
function findLockHolder(): string | undefined {
  const pid = existsSync(resolveLockFile()) ? readFileSync(resolveLockFile(), "utf8") : "";
  return pid !== "" && existsSync(`/proc/${pid}`) ? pid : undefined;
}

/** The lock appears with its content, or not at all: a link(2) to a whole file. */
function linkLockFile(): boolean {
  const whole = `${resolveLockFile()}.${String(process.pid)}`;
  writeFileSync(whole, String(process.pid));
  try {
    linkSync(whole, resolveLockFile());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(whole, { force: true });
  }
}

/** @throws Error where the cache cannot be written */
function tryToLock(): boolean {
  mkdirSync(resolveCacheDirectory(), { recursive: true });
  if (linkLockFile()) return true;
  if (findLockHolder() === undefined) rmSync(resolveLockFile(), { force: true });
  return false;
}

/** Runs the work while no other set-up on this cache does, another checkout's included; waits for its turn. */
export async function runExclusively<T>(work: () => Promise<T>): Promise<T> {
  let told: string | undefined;
  while (!tryToLock()) {
    const pid = findLockHolder();
    if (pid !== undefined && pid !== told) console.log(`set-up: process ${pid} is building already; waiting for it`);
    told = pid ?? told;
    await sleep(1000);
  }
  try {
    return await work();
  } finally {
    rmSync(resolveLockFile(), { force: true });
  }
}
