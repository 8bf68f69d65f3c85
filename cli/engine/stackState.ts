import { copyFileSync, existsSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { pulumiStateDirectory, resolveStateFile } from "./backend.ts";
import type { RecordedResource } from "./recordedRuns.ts";
import type { ProjectName } from "./stackDeclarations.ts";

/** True if this checkout holds Pulumi's state of the stack. */
export function hasStackState(project: ProjectName, stack: string): boolean {
  return existsSync(resolveStateFile(project, stack));
}

interface StackStateFile {
  readonly checkpoint?: { latest?: { resources?: RecordedResource[] | null } };
}

/** Reads the resources in this checkout's state of a stack: of a truncated state those of its backup. */
export function readStackResources(project: ProjectName, stack: string): RecordedResource[] {
  const file = resolveStateFile(project, stack);
  const complete = [file, `${file}.bak`].find((candidate) => existsSync(candidate) && isCompleteJson(candidate));
  if (!existsSync(file) || complete === undefined) return [];
  return (JSON.parse(readFileSync(complete, "utf8")) as StackStateFile).checkpoint?.latest?.resources ?? [];
}

/** Counts the Kubernetes objects in the state of a stack. */
export function countKubernetesObjects(project: ProjectName, stack: string): number {
  return readStackResources(project, stack).filter(({ type }) => type.startsWith("kubernetes:")).length;
}

/** Names of the stacks whose state is in this checkout. */
export function listStacksWithState(project: ProjectName): string[] {
  const directory = resolve(pulumiStateDirectory, ".pulumi/stacks", project);
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);
}

/**
 * Deletes the state of a stack whose objects disappeared with their machine, so that the next `up` creates them again.
 * Results are kept in the store and are reused.
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

/** The files below a directory, however deep; none if it does not exist. */
function listFilesBelow(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => resolve(parentPath, name));
}

/**
 * Removes empty and truncated files of attributes and entries of the history from the file backend. Pulumi does without
 * them, but refuses a stack whose files it cannot read ("failed to load checkpoint: EOF"). It writes attributes in
 * place, so that a kill leaves them empty; a machine that loses power may leave either.
 * @param directory the folder of the file backend
 */
export function removeTruncatedRecords(directory: string): void {
  const records = listFilesBelow(resolve(directory, ".pulumi")).filter((file) =>
    /\.attrs$|\.history\.json$/.test(file),
  );
  for (const file of records) if (!isCompleteJson(file)) rmSync(file, { force: true });
}

/**
 * Restores a truncated state from its backup. Pulumi's file backend replaces the state without flushing it to the disk,
 * so that it may be empty after a machine has lost power. The previous state is kept as `.bak`; from there, `up`
 * rediscovers the objects created since.
 * If the backup is missing or truncated as well, the state is set aside. Objects in the cluster then count as foreign:
 * `up` refuses to submit runs under their names.
 * @param file the state of a stack; nothing happens if it is complete or does not exist
 */
export function restoreTruncatedState(file: string): void {
  if (!existsSync(file) || isCompleteJson(file)) return;
  if (isCompleteJson(`${file}.bak`)) copyFileSync(`${file}.bak`, file);
  else {
    renameSync(file, `${file}.cut-off`);
    console.error(
      `${file} is truncated and has no complete backup; it is kept as ${file}.cut-off, ` +
        "and the objects in the cluster are no longer recorded, so that up does not submit over them",
    );
  }
}
