import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { createOutputFolder } from "../createOutputFolder.ts";
import { renderedFileMark } from "./renderStackFiles.ts";

function isYamlFile(name: string): boolean {
  return name.endsWith(".yaml");
}

function isRenderedFile(path: string): boolean {
  return readFileSync(path, "utf8").startsWith(renderedFileMark);
}

/** Files of a folder that an earlier render wrote and this one would not: cells that the stack no longer has. */
function listStaleFiles(directory: string, names: Iterable<string>): string[] {
  const kept = new Set(names);
  return readdirSync(directory).filter(
    (name) => isYamlFile(name) && !kept.has(name) && isRenderedFile(resolve(directory, name)),
  );
}

/** Writes the files of a stack, and removes those of cells that it no longer has; other files stay. */
export function writeStackFiles(directory: string, files: ReadonlyMap<string, string>): void {
  createOutputFolder(directory);
  for (const name of listStaleFiles(directory, files.keys())) rmSync(resolve(directory, name));
  for (const [name, text] of files) writeFileSync(resolve(directory, name), text);
}
