import { existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { formatBreakCommand, formatLockHolder, formatLockTime, hasHolderEnded } from "../lockHolder.ts";
import type { LockHolder } from "../lockHolder.ts";
import { pulumiStateDirectory } from "./backend.ts";
import type { ProjectName } from "./stackDeclarations.ts";

/** A lock of Pulumi's file backend: each process that changes a stack writes one, and deletes it at its end. */
interface StackLock {
  readonly file: string;
  readonly lockedAt: Date;
  readonly text: string;
  /** Undefined if the text does not describe one. */
  readonly holder: LockHolder | undefined;
}

const stackLockSchema = z.object({ pid: z.int(), hostname: z.string(), username: z.string().optional() });

function parseStackLock(text: string): LockHolder | undefined {
  try {
    const { success, data } = stackLockSchema.safeParse(JSON.parse(text));
    return success ? { pid: data.pid, host: data.hostname, user: data.username } : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a lock; none if it was released in the meantime. */
function readStackLock(file: string): StackLock[] {
  try {
    const text = readFileSync(file, "utf8").trim();
    return [{ file, lockedAt: statSync(file).mtime, text, holder: parseStackLock(text) }];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function listStackLocks(project: ProjectName, stack: string): StackLock[] {
  const directory = resolve(pulumiStateDirectory, ".pulumi/locks/organization", project, stack);
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith(".json"));
  return names.flatMap((name) => readStackLock(resolve(directory, name)));
}

/** Removes locks of Pulumi processes of this machine that have ended. All others are kept. */
export function removeStaleLocks(project: ProjectName, stack: string): void {
  for (const { file, holder, lockedAt } of listStackLocks(project, stack))
    if (holder !== undefined && hasHolderEnded(holder, lockedAt)) rmSync(file, { force: true });
}

function describeStackLock({ file, lockedAt, text, holder }: StackLock): string {
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
