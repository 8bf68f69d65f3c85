import { resolve } from "node:path";
import { execa } from "execa";
import { listProgramFolders } from "../../workspace/environment.ts";
import { isAtLeast, parseVersion } from "../../workspace/versions.ts";
import type { Version } from "../../workspace/versions.ts";
import type { GoSetName } from "./goPrograms.ts";
import { readPinnedVersion } from "./goPrograms.ts";

/** A program that the machine has, with its version, such as `v3.259.0`. */
export interface InstalledProgram {
  readonly path: string;
  readonly version: string;
}

/** A client program that may come from PATH. Software of nodes may not: it must match the cluster exactly. */
interface ClientProgram {
  readonly versionArguments: readonly string[];
  /** Minor versions by which the program may be older than the pinned one. */
  readonly minorsBehind: number;
}

const clientPrograms: Partial<Record<GoSetName, ClientProgram>> = {
  pulumi: { versionArguments: ["version"], minorsBehind: 0 },
  // Kubernetes supports a kubectl that is one minor version older than the API server
  kubectl: { versionArguments: ["version", "--client"], minorsBehind: 1 },
  syft: { versionArguments: ["version"], minorsBehind: 10 },
  // `oras discover` prints other JSON before 1.3 (oras issue 1849)
  oras: { versionArguments: ["version"], minorsBehind: 0 },
  cosign: { versionArguments: ["version"], minorsBehind: 0 },
};

/** True if the programs of a set may come from PATH. */
export function mayComeFromPath(set: GoSetName): boolean {
  return set in clientPrograms;
}

/** Finds the version that a program prints, such as `v1.57.1` in `Version: 1.57.1`. */
export function parsePrintedVersion(output: string): string | undefined {
  const version = /(?<![\w.])v?(\d+\.\d+\.\d+)/.exec(output)?.[1];
  return version === undefined ? undefined : `v${version}`;
}

/** True if the version has the pinned major version and is at most so many minor versions older. */
export function isNewEnough(version: string, pinned: string, minorsBehind: number): boolean {
  const [major = 0, minor = 0, patch = 0] = parseVersion(pinned) ?? [];
  const oldest: Version = minorsBehind > 0 ? [major, minor - minorsBehind, 0] : [major, minor, patch];
  return parseVersion(version)?.[0] === major && isAtLeast(version, oldest);
}

const versionTimeoutMilliseconds = 10_000;

/** Finds a client program on PATH that is new enough; the first one on PATH decides. */
export async function findInstalledProgram(set: GoSetName): Promise<InstalledProgram | undefined> {
  const client = clientPrograms[set];
  const [folder] = listProgramFolders(set);
  if (client === undefined || folder === undefined) return undefined;
  const path = resolve(folder, set);
  const { stdout } = await execa(path, client.versionArguments, {
    reject: false,
    timeout: versionTimeoutMilliseconds,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  const version = parsePrintedVersion(String(stdout));
  if (version === undefined || !isNewEnough(version, readPinnedVersion(set), client.minorsBehind)) return undefined;
  return { path, version };
}
