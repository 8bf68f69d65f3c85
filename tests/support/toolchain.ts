import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { env } from "node:process";

// Relative to the folder that tests run in, the checkout: __dirname is unknown to the ES modules that tests start.
const record = resolve(".mixcpt/software.json");

/** Folders of the toolchain's programs, as set-up wrote them down. */
function programFolders(): string[] {
  if (!existsSync(record)) throw new Error(`${record} is missing: run ./mixcpt setup, it builds the toolchain`);
  return (JSON.parse(readFileSync(record, "utf8")) as { programs: string[] }).programs;
}

/** Path of a program of the toolchain. Errors: says what is missing and what makes it. */
export function program(name: string): string {
  const found = programFolders().map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`the toolchain has no ${name}: run ./mixcpt setup`);
  return found;
}

/** Folder of the provider plugins. MIXCPT_TEST_PLUGINS names another one, to hold the vendor's plugins to the same tests. */
export function pluginFolder(): string {
  return resolve(env["MIXCPT_TEST_PLUGINS"] ?? "tools/plugins/bin");
}
