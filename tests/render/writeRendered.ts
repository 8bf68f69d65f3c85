/** Writes tests/rendered again: `npm run rendered`. Whether a change is right is for the reviewer of its diff to say. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { buildGoldenFiles } from "./goldenFiles.ts";

const directory = resolve("tests/rendered");
rmSync(directory, { recursive: true, force: true });
const files = buildGoldenFiles();
for (const [name, text] of files) {
  mkdirSync(dirname(resolve(directory, name)), { recursive: true });
  writeFileSync(resolve(directory, name), text);
}
console.log(`${directory}: ${String(files.size)} files`);
