import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

/** Writes the files into a directory, beside whatever is there. Returns how many were written. */
export function writeRendered(directory: string, files: ReadonlyMap<string, string>): number {
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of files) writeFileSync(resolve(directory, name), text);
  return files.size;
}
