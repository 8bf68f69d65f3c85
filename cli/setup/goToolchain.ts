import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { buildChildEnvironment } from "../../workspace/environment.ts";
import { isAtLeast } from "../../workspace/versions.ts";
import type { Version } from "../../workspace/versions.ts";
import { explainError } from "../explainError.ts";
import type { WorkReporter } from "../terminal/progressDisplay.ts";
import { downloadVerified } from "./release/download.ts";
import { probeRelease } from "./release/releaseProbe.ts";
import { areReleasesWanted, describeGoArchive, resolveMirror } from "./release/releaseTable.ts";
import type { SetupTask } from "./setupTask.ts";
import { completeTask, resolveTaskPath } from "./setupTask.ts";

/** The Go that is downloaded where PATH has none; go.mod of tools/* requires 1.26. */
const goVersion = "1.26.8";
const oldestGo: Version = [1, 26, 0];

/** True if the output of `go version` names a Go that tools/* accept. */
export function isGoNewEnough(versionLine: string): boolean {
  return isAtLeast(versionLine, oldestGo);
}

let isInstalled: boolean | undefined;

/** True if PATH has a Go that is new enough. Asks once. */
export function isGoInstalled(): boolean {
  if (isInstalled !== undefined) return isInstalled;
  // A Go that is missing or broken prints no version.
  const { stdout } = spawnSync("go", ["version"], { encoding: "utf8", env: buildChildEnvironment({}) });
  isInstalled = isGoNewEnough(String(stdout));
  return isInstalled;
}

/** Downloads Go beside the build caches, which are removed once all programs are complete. */
export const goToolchainTask: SetupTask = {
  title: `go ${goVersion}`,
  output: `build/go-${goVersion}`,
  minutes: 1,
  build: async (directory, run, reporter) => {
    const archive = describeGoArchive(goVersion);
    const download = resolve(directory, "go.tar.gz");
    await downloadVerified(archive, download, (received, total) =>
      reporter.countBytes(archive.url, { received, total }),
    );
    await run("tar", ["-xzf", download, "-C", directory, "--strip-components=1"]);
    rmSync(download);
  },
};

const remedy = "install Go 1.26 or newer and put its bin directory on PATH";

/**
 * Provides Go: the one on PATH, or else the downloaded one, also to a set whose release turns out to be unusable.
 * @returns its program
 * @throws Error with the remedy if the download fails
 */
export async function provideGo(reporter: WorkReporter): Promise<string> {
  if (isGoInstalled()) return "go";
  try {
    await completeTask(goToolchainTask, reporter);
  } catch (error) {
    throw new Error(`Go is needed and was not found on PATH: ${explainError(error)}; ${remedy}`, { cause: error });
  }
  return resolve(resolveTaskPath(goToolchainTask), "bin/go");
}

/** Lists what prevents setup from having Go, with the remedy; nothing if it is on PATH or can be downloaded. */
export async function listGoObstacles(): Promise<string[]> {
  if (isGoInstalled()) return [];
  if (!areReleasesWanted()) return [`go 1.26 or newer was not found on PATH; ${remedy}`];
  const url = resolveMirror(describeGoArchive(goVersion).url);
  const result = await probeRelease(url);
  if (result.isReachable) return [];
  return [`go 1.26 or newer was not found on PATH, and ${url} is not reachable (${result.reason}); ${remedy}`];
}
