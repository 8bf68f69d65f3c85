import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, resolve } from "node:path";
import { explainError } from "../explainError.ts";
import type { WorkReporter } from "../terminal/progressDisplay.ts";
import type { GoSetName } from "./goPrograms.ts";
import {
  buildGoPrograms,
  formatLocalReference,
  goProgramSets,
  programsSubfolder,
  readPinnedVersion,
  resolveSetOutput,
} from "./goPrograms.ts";
import type { ProgramWay, ProgramWays } from "./programWays.ts";
import { mayComeFromPath } from "./programsOnPath.ts";
import { hasReleaseFiles, hasPublishedImage, writeProgramOrigin } from "./programWays.ts";
import { downloadVerified } from "./release/download.ts";
import type { ReleaseFile } from "./release/releaseTable.ts";
import { publishedImages, releaseFiles, resolveMirror } from "./release/releaseTable.ts";
import type { CommandRunner, SetupTask, TaskContext } from "./setupTask.ts";

/** Subfolder of a set's output with its published image, an OCI layout; absent if the program was built. */
export const publishedImageSubfolder = "image";

interface DownloadContext {
  /** The complete programs. */
  readonly programs: string;
  readonly run: CommandRunner;
  readonly reporter: WorkReporter;
}

/** Downloads one file of a release, unpacks it if it is an archive, and puts its programs into the folder. */
async function downloadPrograms(file: ReleaseFile, { programs, run, reporter }: DownloadContext): Promise<void> {
  const scratch = resolve(programs, "..", `${basename(file.url)}.download`);
  mkdirSync(scratch);
  const download = resolve(scratch, basename(file.url));
  await downloadVerified(file, download, (received, total) => reporter.countBytes(file.url, { received, total }));
  if (file.members !== undefined) await run("tar", ["-xzf", download, "-C", scratch]);
  for (const member of file.members ?? [basename(file.url)]) {
    const program = resolve(programs, file.program ?? basename(member));
    renameSync(resolve(scratch, member), program);
    chmodSync(program, 0o755);
  }
  rmSync(scratch, { recursive: true });
}

async function copyPublishedImage(
  set: keyof typeof publishedImages,
  { directory, run }: { directory: string; run: CommandRunner },
): Promise<void> {
  const version = readPinnedVersion(set);
  const source = resolveMirror(`https://${publishedImages[set]}:${version}`);
  const plainHttp = source.startsWith("http://") ? ["--src-tls-verify=false"] : [];
  const target = `oci:${resolve(directory, publishedImageSubfolder)}:${formatLocalReference(set, version)}`;
  await run("skopeo", [
    "copy",
    "--quiet",
    "--retry-times",
    "3",
    ...plainHttp,
    source.replace(/^https?:/, "docker:"),
    target,
  ]);
}

/** Fetches the official release of a set. */
async function fetchRelease(set: GoSetName, { directory, run, reporter }: TaskContext): Promise<void> {
  if (hasPublishedImage(set)) return copyPublishedImage(set, { directory, run });
  if (!hasReleaseFiles(set)) throw new Error(`${set} has no official release`);
  const programs = resolve(directory, programsSubfolder);
  mkdirSync(programs);
  const files: readonly ReleaseFile[] = releaseFiles[set](readPinnedVersion(set));
  await Promise.all(files.map((file) => downloadPrograms(file, { programs, run, reporter })));
}

/** Builds a set from source and records that, with the reason if its release could not be used. */
async function buildFromSource(set: GoSetName, context: TaskContext, reason?: string): Promise<void> {
  await buildGoPrograms(set, context);
  const detail = reason === undefined ? "" : `${readPinnedVersion(set)} (${reason})`;
  writeProgramOrigin(context.directory, { way: "source", detail });
}

function linkInstalledProgram(set: GoSetName, directory: string, way: Extract<ProgramWay, { kind: "path" }>): void {
  mkdirSync(resolve(directory, programsSubfolder));
  symlinkSync(way.program.path, resolve(directory, programsSubfolder, set));
  writeProgramOrigin(directory, { way: "path", detail: `${way.program.version} (${way.program.path})` });
}

const releaseMinutes = 1;

/** Defines the task that provides the programs of a set: from PATH, from the official release, or from source. */
export function defineProgramTask(set: GoSetName, ways: ProgramWays = new Map()): SetupTask {
  const way = ways.get(set) ?? { kind: "source" };
  const title = `${set} ${readPinnedVersion(set)}`;
  return {
    title,
    output: resolveSetOutput(set),
    // the link to a program that was removed from PATH does not count as complete
    ...(mayComeFromPath(set) ? { proof: `${programsSubfolder}/${set}` } : {}),
    minutes: way.kind === "source" ? goProgramSets[set].minutes : releaseMinutes,
    isCompiled: way.kind === "source",
    build: async (directory, run, reporter) => {
      if (way.kind === "path") return linkInstalledProgram(set, directory, way);
      if (way.kind === "source") return buildFromSource(set, { directory, run, reporter });
      try {
        await fetchRelease(set, { directory, run, reporter });
        writeProgramOrigin(directory, { way: "release", detail: "" });
      } catch (error) {
        const reason = explainError(error);
        reporter.printLine(`  !  ${title}: ${reason}; building it from source`);
        rmSync(directory, { recursive: true });
        mkdirSync(directory);
        await buildFromSource(set, { directory, run, reporter }, reason);
      }
    },
  };
}
