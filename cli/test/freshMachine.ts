import { mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { basename, resolve } from "node:path";
import { execa } from "execa";
import {
  listPathDirectories,
  listProgramFolders,
  replaceSearchPath,
  stateDirectory,
} from "../../workspace/environment.ts";
import { requiredPackages } from "../setup/machineRequirements.ts";
import { testPackages } from "./testTools.ts";

/** Programs that the README requires. They may come from anywhere on PATH. */
const prerequisitePrograms = ["git", "go", "node", "npm", "npx", "python3"];

/** Debian's packages beside the base ones: those that the project installs. */
const installedByProject = [...Object.values(requiredPackages), ...Object.values(testPackages)];

const systemDirectories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

async function listLines(program: string, args: readonly string[]): Promise<string[]> {
  const { stdout } = await execa(program, args, { reject: false });
  return stdout.split("\n");
}

/** Debian's packages of every new machine. */
async function listBasePackages(): Promise<string[]> {
  const lines = await listLines("dpkg-query", ["--show", "--showformat=${Priority} ${Package}\\n"]);
  return lines.flatMap((line) => /^(?:required|important) (.+)$/.exec(line)?.[1] ?? []);
}

/** The packages and what they depend on, as far as installed. */
async function listWithDependencies(packages: readonly string[]): Promise<string[]> {
  const relations = ["recommends", "suggests", "conflicts", "breaks", "replaces", "enhances"];
  const options = ["--recurse", "--installed", ...relations.map((relation) => `--no-${relation}`)];
  const lines = await listLines("apt-cache", ["depends", ...options, ...packages]);
  return lines.filter((line) => /^\w/.test(line));
}

async function listAllowedFiles(): Promise<ReadonlySet<string>> {
  const packages = await listWithDependencies([...(await listBasePackages()), ...installedByProject]);
  return new Set(await listLines("dpkg-query", ["--listfiles", ...packages]));
}

function resolveProgram(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined; // a dangling link
  }
}

function isAllowed(path: string, allowed: ReadonlySet<string>): boolean {
  const target = resolveProgram(path);
  if (target === undefined) return false;
  return prerequisitePrograms.includes(basename(path)) || allowed.has(path) || allowed.has(target);
}

interface SearchedDirectories {
  readonly path: readonly string[];
  /** Those of `path` that Debian's packages fill. */
  readonly system: readonly string[];
}

/**
 * Lists the programs that a new machine has once the README's requirements and the project's packages are installed.
 * @param allowed files of the packages of such a machine
 * @returns the path of each program by its name
 */
export function listFreshPrograms(
  { path, system }: SearchedDirectories,
  allowed: ReadonlySet<string>,
): Map<string, string> {
  const programs = new Map<string, string>();
  for (const directory of path) {
    for (const name of readNames(directory)) {
      const program = resolve(directory, name);
      const isFresh = system.includes(directory) ? isAllowed(program, allowed) : prerequisitePrograms.includes(name);
      if (isFresh && !programs.has(name)) programs.set(name, program);
    }
  }
  return programs;
}

function readNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // PATH may name directories that do not exist
  }
}

const originalPath = listPathDirectories();

/**
 * Hides every program that a new machine lacks, so that a test which needs one fails here as it would there.
 * Does nothing where the machine is not Debian: there is no list to compare with.
 */
export async function hideForeignPrograms(): Promise<void> {
  replaceSearchPath(originalPath);
  const allowed = await listAllowedFiles().catch(() => undefined);
  if (allowed === undefined) return;
  const directory = resolve(stateDirectory, "tests", "bin");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [name, path] of listFreshPrograms({ path: originalPath, system: systemDirectories }, allowed))
    symlinkSync(path, resolve(directory, name));
  // npm looks for Node.js beside itself, and Go for its tools.
  const beside = ["go", "node"].flatMap((name) => listProgramFolders(name).slice(0, 1));
  replaceSearchPath([directory, ...beside.filter((path) => !systemDirectories.includes(path))]);
}
