import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheDirectory } from "../../infra/environment.ts";

const lockFile = (): string => resolve(cacheDirectory(), "setup.lock");

/** The process that holds the lock; undefined where it was killed or let go in the meantime. */
function holder(): string | undefined {
  const pid = existsSync(lockFile()) ? readFileSync(lockFile(), "utf8") : "";
  return pid !== "" && existsSync(`/proc/${pid}`) ? pid : undefined;
}

/** The lock appears with its content, or not at all: a link(2) to a whole file. */
function link(): boolean {
  const whole = `${lockFile()}.${String(process.pid)}`;
  writeFileSync(whole, String(process.pid));
  try {
    linkSync(whole, lockFile());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(whole, { force: true });
  }
}

/** @throws Error where the cache cannot be written */
function take(): boolean {
  mkdirSync(cacheDirectory(), { recursive: true });
  if (link()) return true;
  if (holder() === undefined) rmSync(lockFile(), { force: true });
  return false;
}

/** Runs the work while no other set-up on this cache does, another checkout's included; waits for its turn. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  let told: string | undefined;
  while (!take()) {
    const pid = holder();
    if (pid !== undefined && pid !== told) console.log(`set-up: process ${pid} is building already; waiting for it`);
    told = pid ?? told;
    await sleep(1000);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile(), { force: true });
  }
}
