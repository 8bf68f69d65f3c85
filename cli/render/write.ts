import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { makeOutFolder } from "../outFolder.ts";
import { firstWords } from "./files.ts";

const isYaml = (name: string): boolean => name.endsWith(".yaml");
const isOurs = (path: string): boolean => readFileSync(path, "utf8").startsWith(firstWords);

/** Files of a folder that an earlier render wrote and this one would not: cells that the stack no longer has. */
function stale(directory: string, names: Iterable<string>): string[] {
  const kept = new Set(names);
  return readdirSync(directory).filter((name) => isYaml(name) && !kept.has(name) && isOurs(resolve(directory, name)));
}

/** Writes the files of a stack, and removes those of cells that it no longer has; other files stay. */
export function writeFiles(directory: string, files: ReadonlyMap<string, string>): void {
  makeOutFolder(directory);
  for (const name of stale(directory, files.keys())) rmSync(resolve(directory, name));
  for (const [name, text] of files) writeFileSync(resolve(directory, name), text);
}
