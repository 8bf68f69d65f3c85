import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { resolveCacheDirectory } from "../../workspace/environment.ts";
import type { ControllerName } from "../../workspace/toolchain.ts";
import { programsSubfolder } from "../setup/goPrograms.ts";
import { runExclusively } from "../setup/setupLock.ts";
import type { SetupTask } from "../setup/setupTask.ts";
import { completeTask, isTaskComplete, resolveTaskPath } from "../setup/setupTask.ts";
import { ProgressDisplay } from "../terminal/progressDisplay.ts";
import type { TestCounts } from "./testRunners.ts";
import { addCounts, noCounts, runJestProject } from "./testRunners.ts";
import type { VersionColumn } from "./testedVersions.ts";
import { formatColumn, readKubernetesVersion, versionColumns } from "./testedVersions.ts";
import { defineControllerTask, defineKubernetesTask } from "./versionTasks.ts";

const controllerNames: readonly ControllerName[] = ["kueue", "jobset", "trainer"];

/** Events of the week of preemptions: each kind is likely to be among them. */
const chaosRounds = "15";

function listColumnTasks({ kubernetes, controllers }: VersionColumn): SetupTask[] {
  return [
    ...(kubernetes === "pinned" ? [] : [defineKubernetesTask(kubernetes)]),
    ...(controllers === "pinned" ? [] : controllerNames.map(defineControllerTask)),
  ];
}

/** Builds what is missing, one after the other: each compiles with other versions of the same packages. */
async function buildVersions(): Promise<void> {
  const tasks = new Map(versionColumns.flatMap(listColumnTasks).map((task) => [task.output, task]));
  const missing = [...tasks.values()].filter((task) => !isTaskComplete(task));
  if (missing.length === 0) return;
  const progress = new ProgressDisplay(missing);
  try {
    await runExclusively(async () => {
      for (const task of missing) await progress.runWorkItem(task, (reporter) => completeTask(task, reporter));
      rmSync(resolve(resolveCacheDirectory(), "build"), { recursive: true, force: true });
    });
  } finally {
    progress.closeDisplay();
  }
}

/** Describes what takes the place of the toolchain's programs and manifests (tests/support/toolchainPrograms.ts). */
function describeSoftware(column: VersionColumn): string {
  const programs = listColumnTasks(column).map((task) => resolve(resolveTaskPath(task), programsSubfolder));
  const manifests = controllerNames.map((name) => [
    name,
    resolve(resolveTaskPath(defineControllerTask(name)), `${name}.json`),
  ]);
  return JSON.stringify({
    title: formatColumn(column),
    kubernetes: readKubernetesVersion(column.kubernetes),
    programs,
    manifests: column.controllers === "pinned" ? {} : Object.fromEntries(manifests),
  });
}

/** Runs the tests of the controllers once for each column of the table. */
export async function runVersionTests(): Promise<TestCounts> {
  await buildVersions();
  let counts = noCounts;
  for (const column of versionColumns) {
    console.log(`\n   ${formatColumn(column)}`);
    const variables = { MIXCPT_TEST_SOFTWARE: describeSoftware(column), MIXCPT_CHAOS_ROUNDS: chaosRounds };
    counts = addCounts(counts, await runJestProject("versions", variables));
  }
  return counts;
}
