import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { env } from "node:process";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { readToolchain } from "../../workspace/toolchain.ts";

/**
 * Finds a program of the toolchain that setup built.
 * @throws Error that says how to build it
 */
export function findProgram(name: string): string {
  const path = readToolchain()
    .programs.map((folder) => join(folder, name))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`the toolchain has no program ${name}; run ./mixcpt setup`);
  return path;
}

/** Returns the folder of the provider plugins; MIXCPT_TEST_PLUGINS names another one, to test the vendor's plugins. */
export function resolvePluginFolder(): string {
  return resolve(checkoutDirectory, env["MIXCPT_TEST_PLUGINS"] ?? "plugins/bin");
}
