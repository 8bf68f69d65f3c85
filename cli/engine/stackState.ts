import { copyFileSync, existsSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { pulumiStateDirectory, resolveStateFile } from "./backend.ts";
import type { ProjectName } from "./stackDeclarations.ts";

/** True where Pulumi's state of the stack is kept in this checkout. */
export function hasStackState(project: ProjectName, stack: string): boolean {
  return existsSync(resolveStateFile(project, stack));
}

interface StackStateFile {
  readonly checkpoint?: { latest?: { resources?: { type: string }[] } };
}

/** True where the state of the stack holds anything that lies in a cluster. */
export function hasKubernetesObjects(project: ProjectName, stack: string): boolean {
  if (!hasStackState(project, stack)) return false;
  const { checkpoint } = JSON.parse(readFileSync(resolveStateFile(project, stack), "utf8")) as StackStateFile;
  return (checkpoint?.latest?.resources ?? []).some(({ type }) => type.startsWith("kubernetes:"));
}

/** Stacks with a state here. */
export function listStacksWithState(project: ProjectName): string[] {
  const directory = resolve(pulumiStateDirectory, ".pulumi/stacks", project);
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);
}

/**
 * Drops the state of a stack whose objects are gone with their machine, so that the next `up` makes them anew.
 * What was computed lies in the store and is found again.
 */
export function deleteStackState(project: ProjectName, stack: string): void {
  for (const suffix of ["", ".bak", ".attrs"]) rmSync(`${resolveStateFile(project, stack)}${suffix}`, { force: true });
}

function isCompleteJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}

/**
 * Pulumi's file backend writes a state in place: a kill, or a full disk, can leave half of it. The state of the step
 * before lies beside it as `.bak`; with that one, `up` finds what it had made since by itself.
 * Where that one is cut off, too, the state is put aside, and `up` takes over what is in the cluster.
 * @param file state of a stack; nothing happens where it is whole or not there
 */
export function restoreTruncatedState(file: string): void {
  if (!existsSync(file) || isCompleteJson(file)) return;
  if (isCompleteJson(`${file}.bak`)) copyFileSync(`${file}.bak`, file);
  else {
    renameSync(file, `${file}.cut-off`);
    console.error(
      `${file} was cut off, and so is the one before it: kept as ${file}.cut-off; what is in the cluster is taken over`,
    );
  }
}

interface StackLock {
  readonly pid: number;
  readonly hostname: string;
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
