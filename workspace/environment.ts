import { homedir } from "node:os";
import { resolve } from "node:path";

/** The only file that reads the environment and asks where it lies. */

export const checkoutDirectory = resolve(import.meta.dirname, "..");

/** Downloads and built programs, shared by all checkouts: `${XDG_CACHE_HOME:-~/.cache}/mixcpt`. */
export function resolveCacheDirectory(): string {
  return resolve(process.env["XDG_CACHE_HOME"] || resolve(homedir(), ".cache"), "mixcpt");
}

/** What this checkout made: Pulumi's state, kubeconfigs, disks of local hosts. */
export const stateDirectory = resolve(checkoutDirectory, ".mixcpt");

/** What belongs to one cluster stack: its kubeconfig, and disks and store where its hosts are local. */
export function resolveInstanceDirectory(stack: string): string {
  return resolve(stateDirectory, stack);
}

/** A copy of the environment for a child process, with our additions. */
export function buildChildEnvironment(additions: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(inherited), ...additions };
}

/** Directories of `PATH`, in order. */
export function listPathDirectories(): string[] {
  return (process.env["PATH"] ?? "").split(":").filter((directory) => directory !== "");
}

/** Replaces PATH for this process and all that it starts. */
export function replaceSearchPath(directories: readonly string[]): void {
  process.env["PATH"] = directories.join(":");
}
