import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { formatErrorMessage } from "./explainError.ts";

/**
 * Creates the folder that a command writes to.
 * @throws Error that names the folder and gives the system's reason
 */
export function createOutputFolder(path: string): void {
  try {
    createWithParents(resolve(path));
  } catch (error) {
    throw new Error(`cannot create the folder ${path}: ${formatErrorMessage(error)}; choose another with --out`, {
      cause: error,
    });
  }
}

/**
 * Creates missing folders one by one. Node's `recursive` option never returns on a file system that refuses new folders
 * with ENOENT, such as /proc.
 */
function createWithParents(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) createWithParents(dirname(path));
  mkdirSync(path);
}
