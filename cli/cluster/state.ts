import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { pulumiStateDirectory, resolveStateFile } from "../engine/backend.ts";
import type { ProjectName } from "../engine/declared.ts";

/** True where Pulumi's state of the stack is kept in this checkout. */
export const hasStackState = (project: ProjectName, stack: string): boolean => existsSync(resolveStateFile(project, stack));

interface StackStateFile {
  checkpoint?: { latest?: { resources?: { type: string }[] } };
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
