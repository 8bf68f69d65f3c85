import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { env } from "node:process";

// Relative to the folder that tests run in, the checkout: __dirname is unknown to the ES modules that tests start.
const toolchainRecordFile = resolve(".mixcpt/software.json");

/** Folders of the toolchain's programs, as set-up wrote them down. */
function listProgramFolders(): string[] {
  if (!existsSync(toolchainRecordFile))
    throw new Error(`${toolchainRecordFile} is missing: run ./mixcpt setup, it builds the toolchain`);
  return (JSON.parse(readFileSync(toolchainRecordFile, "utf8")) as { programs: string[] }).programs;
}

/** Path of a program of the toolchain. Errors: says what is missing and what makes it. */
export function findProgram(name: string): string {
  const found = listProgramFolders()
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`the toolchain has no ${name}: run ./mixcpt setup`);
  return found;
}

/** Folder of the provider plugins. MIXCPT_TEST_PLUGINS names another one, to hold the vendor's plugins to the same tests. */
export function resolvePluginFolder(): string {
  return resolve(env["MIXCPT_TEST_PLUGINS"] ?? "plugins/bin");
}
