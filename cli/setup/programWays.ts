import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { formatCount } from "../terminal/formatList.ts";
import type { GoSetName } from "./goPrograms.ts";
import { readPinnedVersion, resolveProgramSet } from "./goPrograms.ts";
import type { InstalledProgram } from "./programsOnPath.ts";
import { findInstalledProgram } from "./programsOnPath.ts";
import { probeRelease } from "./release/releaseProbe.ts";
import type { ReleaseProbe } from "./release/releaseProbe.ts";
import {
  areReleasesWanted,
  publishedImages,
  releaseFiles,
  resolveImageManifest,
  resolveMirror,
} from "./release/releaseTable.ts";

/** The way by which setup gets the programs of a set. */
export type ProgramWay =
  | { readonly kind: "path"; readonly program: InstalledProgram }
  | { readonly kind: "release" }
  | { readonly kind: "source" };

/** The ways of sets; a set without an entry is built from source. */
export type ProgramWays = ReadonlyMap<GoSetName, ProgramWay>;

const originSchema = z.strictObject({ way: z.enum(["path", "release", "source"]), detail: z.string() });

/** The way that a set took, recorded beside its programs; the detail names the program, or says why not a release. */
type ProgramOrigin = z.infer<typeof originSchema>;

const originFile = "origin.json";

export function writeProgramOrigin(directory: string, origin: ProgramOrigin): void {
  writeFileSync(resolve(directory, originFile), JSON.stringify(origin));
}

/** Reads the way that a set took; undefined before the set is complete. Older versions only built from source. */
export function readProgramOrigin(set: GoSetName): ProgramOrigin | undefined {
  if (!existsSync(resolveProgramSet(set))) return undefined;
  const file = resolve(resolveProgramSet(set), originFile);
  return existsSync(file) ? originSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : { way: "source", detail: "" };
}

export function hasPublishedImage(set: GoSetName): set is keyof typeof publishedImages {
  return set in publishedImages;
}

export function hasReleaseFiles(set: GoSetName): set is keyof typeof releaseFiles {
  return set in releaseFiles;
}

/** The address to ask whether the official release of a set is reachable; undefined if there is none. */
function findProbeUrl(set: GoSetName): string | undefined {
  const version = readPinnedVersion(set);
  if (hasPublishedImage(set)) return resolveImageManifest(publishedImages[set], version);
  const [file] = hasReleaseFiles(set) ? releaseFiles[set](version) : [];
  return file === undefined ? undefined : resolveMirror(file.checksumUrl);
}

interface ProbedSet {
  readonly set: GoSetName;
  readonly url: string;
  readonly result: ReleaseProbe;
}

async function probeSets(sets: readonly GoSetName[]): Promise<ProbedSet[]> {
  const urls = sets.flatMap((set) => {
    const url = findProbeUrl(set);
    return url === undefined ? [] : [{ set, url }];
  });
  return Promise.all(urls.map(async ({ set, url }) => ({ set, url, result: await probeRelease(url) })));
}

/** Says in one line whether the official releases are reachable. */
export function describeProbes(probes: readonly Pick<ProbedSet, "url" | "result">[]): string {
  const reasons = new Map<string, string>();
  for (const { url, result } of probes) if (!result.isReachable) reasons.set(new URL(url).host, result.reason);
  const unreachable = [...reasons].map(([host, reason]) => `${host}: ${reason}`).join(", ");
  const reachable = probes.filter(({ result }) => result.isReachable).length;
  if (reachable === 0) return `setup: no official release is reachable (${unreachable}); building from source`;
  const rest = unreachable === "" ? "" : `; the others are built from source (${unreachable})`;
  return `setup: downloading ${formatCount(reachable, "official release")}${rest}`;
}

/**
 * Chooses how setup gets each set: from PATH where the program there is new enough, else the official release where it
 * is reachable. What is left is built from source.
 * @param report prints a line
 */
export async function chooseProgramWays(
  sets: readonly GoSetName[],
  report: (line: string) => void,
): Promise<ProgramWays> {
  const installed = await Promise.all(sets.map(async (set) => ({ set, program: await findInstalledProgram(set) })));
  const ways = new Map<GoSetName, ProgramWay>();
  for (const { set, program } of installed) if (program !== undefined) ways.set(set, { kind: "path", program });
  const others = sets.filter((set) => !ways.has(set));
  if (!areReleasesWanted()) return ways;
  const probes = await probeSets(others);
  if (probes.length > 0) report(describeProbes(probes));
  for (const { set, result } of probes) if (result.isReachable) ways.set(set, { kind: "release" });
  return ways;
}

const wayTitles: Readonly<Record<ProgramOrigin["way"], string>> = {
  path: "from PATH",
  release: "from official releases",
  source: "built from source",
};

/** Describes the ways that the sets took, one line per way: `built from source: kueue v0.18.3, pause v1.0.0`. */
export function describeProgramOrigins(sets: readonly GoSetName[]): string[] {
  const origins = sets.map((set) => ({ set, origin: readProgramOrigin(set) }));
  return (Object.keys(wayTitles) as ProgramOrigin["way"][]).flatMap((way) => {
    const programs = origins.flatMap(({ set, origin }) =>
      origin?.way === way ? [`${set} ${origin.detail === "" ? readPinnedVersion(set) : origin.detail}`] : [],
    );
    return programs.length === 0 ? [] : [`${wayTitles[way]}: ${programs.join(", ")}`];
  });
}
