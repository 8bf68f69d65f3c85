import { mkdirSync } from "node:fs";

/** Makes the folder that a command writes to. @throws Error that names it, and says what is in the way */
export function makeOutFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new Error(`cannot make the folder ${path}: ${error instanceof Error ? error.message : String(error)}. Name another one with --out`, { cause: error });
  }
}
