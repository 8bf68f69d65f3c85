import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { pulumiStateDirectory } from "./backend.ts";

interface StackLock {
  pid: number;
  hostname: string;
}

function isProcessRunning(pid: number): boolean {
  return existsSync(`/proc/${String(pid)}`);
}

/** Removes the locks of Pulumi processes of this machine that were killed; those of running ones stay. */
export function removeStaleLocks(project: string, stack: string): void {
  const directory = resolve(pulumiStateDirectory, ".pulumi/locks/organization", project, stack);
  if (!existsSync(directory)) return;
  for (const file of readdirSync(directory)) {
    const lock = JSON.parse(readFileSync(resolve(directory, file), "utf8")) as StackLock;
    if (lock.hostname === hostname() && !isProcessRunning(lock.pid)) rmSync(resolve(directory, file), { force: true });
  }
}
