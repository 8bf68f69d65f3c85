/** Rewrites tests/rendered (`npm run rendered`); reviewers judge the changes in the commit's diff. */
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
