import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { env } from "node:process";

/** Folder of the toolchain's programs. MIXCPT_TEST_BIN names another one, for tests of a toolchain in the making. */
export function toolchainBin(): string {
  return env["MIXCPT_TEST_BIN"] ?? join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "mixcpt", "toolchain", "bin");
}

/** Path of a program of the toolchain, known under any of these names. Errors: says what is missing and what makes it. */
export function program(...names: string[]): string {
  const found = names.map((name) => join(toolchainBin(), name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${toolchainBin()} has no ${names.join(" or ")}: run \`./mixcpt demo\` once, it builds the toolchain.`);
  return found;
}

/** Folder of the provider plugins. MIXCPT_TEST_PLUGINS names another one, to hold the vendor's plugins to the same tests. */
export function pluginFolder(): string {
  return resolve(env["MIXCPT_TEST_PLUGINS"] ?? "tools/plugins/bin");
}
