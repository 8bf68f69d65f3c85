import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { env } from "node:process";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import type { ControllerName, Toolchain } from "../../workspace/toolchain.ts";

/** Software in place of the toolchain's: `./mixcpt test versions` names it as JSON in MIXCPT_TEST_SOFTWARE. */
interface OtherSoftware {
  readonly title: string;
  /** Version of Kubernetes, such as `v1.32.13`. */
  readonly kubernetes: string;
  /** Folders of programs. */
  readonly programs: readonly string[];
  readonly manifests: Partial<Toolchain["manifests"]>;
}

const { MIXCPT_TEST_SOFTWARE: otherSoftware } = env;

/** Reads which software the tests run with; undefined for the pinned versions. */
export function readOtherSoftware(): OtherSoftware | undefined {
  return otherSoftware === undefined ? undefined : (JSON.parse(otherSoftware) as OtherSoftware);
}

function findInFolders(folders: readonly string[] = [], name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
}

/**
 * Finds a program that the tests run with in place of the pinned one.
 * @throws Error that names the folder which is missing: the pinned program would be tested instead
 */
export function findOtherProgram(name: string): string | undefined {
  const { programs = [], title = "" } = readOtherSoftware() ?? {};
  const missing = programs.filter((folder) => !existsSync(folder));
  if (missing.length > 0)
    throw new Error(`${title} is not built: no ${missing.join(", ")}; run ./mixcpt test versions`);
  return findInFolders(programs, name);
}

/**
 * Finds a program of the toolchain that setup built, or the one that takes its place.
 * @throws Error that says how to build it
 */
export function findProgram(name: string): string {
  const path = findOtherProgram(name) ?? findInFolders(readToolchain().programs, name);
  if (path === undefined) throw new Error(`the toolchain has no program ${name}; run ./mixcpt setup`);
  return path;
}

/** Reads the objects of a controller's manifests, whose kind the caller knows. */
export function readControllerManifests<Item>(name: ControllerName): Item[] {
  const { manifests } = readToolchain();
  return JSON.parse(readFileSync(readOtherSoftware()?.manifests[name] ?? manifests[name], "utf8")) as Item[];
}

/** Reads the objects of all controllers' manifests. */
export function readAllManifests<Item>(): Item[] {
  return (["kueue", "jobset", "trainer"] as const).flatMap((name) => readControllerManifests<Item>(name));
}

/** Returns the folder of the provider plugins; MIXCPT_TEST_PLUGINS names another one, to test the vendor's plugins. */
export function resolvePluginFolder(): string {
  return resolve(checkoutDirectory, env["MIXCPT_TEST_PLUGINS"] ?? "plugins/bin");
}
