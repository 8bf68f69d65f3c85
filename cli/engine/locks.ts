import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { pulumiState } from "./backend.ts";

interface Lock {
  pid: number;
  hostname: string;
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${String(pid)}`);
}

/** Removes the locks of Pulumi processes of this machine that were killed; those of running ones stay. */
export function removeStaleLocks(project: string, stack: string): void {
  const directory = resolve(pulumiState, ".pulumi/locks/organization", project, stack);
  if (!existsSync(directory)) return;
  for (const file of readdirSync(directory)) {
    const lock = JSON.parse(readFileSync(resolve(directory, file), "utf8")) as Lock;
    if (lock.hostname === hostname() && !isRunning(lock.pid)) rmSync(resolve(directory, file), { force: true });
  }
}
