import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Makes the folder that a command writes to. @throws Error that names it, and says what is in the way */
export function createOutputFolder(path: string): void {
  try {
    createWithParents(resolve(path));
  } catch (error) {
    throw new Error(
      `cannot make the folder ${path}: ${error instanceof Error ? error.message : String(error)}. Name another one with --out`,
      { cause: error },
    );
  }
}

/** One by one: Node's own recursive way never returns where a file system refuses new folders with ENOENT, as /proc does. */
function createWithParents(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) createWithParents(dirname(path));
  mkdirSync(path);
}
