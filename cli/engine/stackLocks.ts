import { existsSync, readdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { formatBreakCommand, formatLockHolder, formatLockTime, hasHolderEnded, readLock } from "../lockHolder.ts";
import type { LockFile } from "../lockHolder.ts";
import { hasOtherBackend, pulumiStateDirectory } from "./backend.ts";
import type { ProjectName } from "./stackDeclarations.ts";

/**
 * The locks on a stack: each process that changes it writes one, and deletes it at its end. Those of another backend
 * are left to Pulumi.
 */
function listStackLocks(project: ProjectName, stack: string): LockFile[] {
  const directory = resolve(pulumiStateDirectory, ".pulumi/locks/organization", project, stack);
  if (hasOtherBackend() || !existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith(".json"));
  return names.flatMap((name) => readLock(resolve(directory, name)) ?? []);
}

/** Removes locks of Pulumi processes of this machine that have ended. All others are kept. */
export function removeStaleLocks(project: ProjectName, stack: string): void {
  for (const lock of listStackLocks(project, stack)) if (hasHolderEnded(lock)) rmSync(lock.file, { force: true });
}

function describeStackLock({ file, lockedAt, text, holder }: LockFile): string {
  if (holder !== undefined)
    return `${file} is held by ${formatLockHolder(holder, lockedAt)}; wait until it has finished`;
  const content =
    text === "" ? "is empty" : `is not a lock of Pulumi (it begins with ${JSON.stringify(text.slice(0, 40))})`;
  return (
    `${file} ${content} since ${formatLockTime(lockedAt)}, so its owner is unknown: a machine or a disk failed while ` +
    "it was written"
  );
}

/**
 * Refuses to change a stack that another process may be changing, before anything is done. Locks of processes of this
 * machine that have ended are removed.
 * @throws Error that names each lock, its owner and the command that breaks it
 */
export function refuseLockedStack(project: ProjectName, stack: string): void {
  removeStaleLocks(project, stack);
  const locks = listStackLocks(project, stack);
  if (locks.length === 0) return;
  throw new Error(
    [
      `stack "${stack}" is locked, because another command may be changing it; nothing was changed`,
      ...locks.flatMap((lock) => [
        `  ${describeStackLock(lock)}`,
        `  if no command is changing this stack, break the lock: ${formatBreakCommand(lock.file)}`,
      ]),
    ].join("\n"),
  );
}
