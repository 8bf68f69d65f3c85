import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { createOutputFolder } from "../createOutputFolder.ts";
import { isRenderedText } from "./manifestFile.ts";

function isYamlFile(name: string): boolean {
  return name.endsWith(".yaml");
}

function isRenderedFile(path: string): boolean {
  return isRenderedText(readFileSync(path, "utf8"));
}

/** Lists files that an earlier render wrote and the current one does not, such as those of removed cells. */
function listStaleFiles(directory: string, names: Iterable<string>): string[] {
  const current = new Set(names);
  return readdirSync(directory).filter(
    (name) => isYamlFile(name) && !current.has(name) && isRenderedFile(resolve(directory, name)),
  );
}

/** Writes the files of a stack and deletes rendered files that it no longer has; all other files are kept. */
export function writeStackFiles(directory: string, files: ReadonlyMap<string, string>): void {
  createOutputFolder(directory);
  for (const name of listStaleFiles(directory, files.keys())) rmSync(resolve(directory, name));
  for (const [name, text] of files) writeFileSync(resolve(directory, name), text);
}
