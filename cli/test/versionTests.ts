import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { env } from "node:process";
import { resolveCacheDirectory } from "../../workspace/environment.ts";
import type { ControllerName } from "../../workspace/toolchain.ts";
import { explainError } from "../explainError.ts";
import { programsSubfolder } from "../setup/goPrograms.ts";
import { runExclusively } from "../setup/setupLock.ts";
import type { SetupTask } from "../setup/setupTask.ts";
import { completeTask, isTaskComplete, resolveTaskPath } from "../setup/setupTask.ts";
import { formatDuration } from "../terminal/durationAndBar.ts";
import { ProgressDisplay } from "../terminal/progressDisplay.ts";
import type { TestCounts } from "./testRunners.ts";
import { addCounts, countFailure, noCounts, runJestProject } from "./testRunners.ts";
import type { VersionColumn } from "./testedVersions.ts";
import { formatColumn, readKubernetesVersion, selectColumns } from "./testedVersions.ts";
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

/** Builds one after the other: each compiles with other versions of the same packages. Failures are by output. */
async function buildTasks(tasks: readonly SetupTask[]): Promise<Map<string, unknown>> {
  const progress = new ProgressDisplay(tasks);
  const failures = new Map<string, unknown>();
  try {
    for (const task of tasks)
      await progress
        .runWorkItem(task, (reporter) => completeTask(task, reporter))
        .catch((error: unknown) => failures.set(task.output, error));
    return failures;
  } finally {
    progress.closeDisplay();
  }
}

/** Builds what is missing for the columns, and returns why a task failed by its output. */
async function buildVersions(columns: readonly VersionColumn[]): Promise<ReadonlyMap<string, unknown>> {
  const tasks = new Map(columns.flatMap(listColumnTasks).map((task) => [task.output, task]));
  const missing = [...tasks.values()].filter((task) => !isTaskComplete(task));
  if (missing.length === 0) return new Map();
  return runExclusively(async () => {
    const failures = await buildTasks(missing);
    // after a failure the caches let the next attempt go on where this one ended
    if (failures.size === 0) rmSync(resolve(resolveCacheDirectory(), "build"), { recursive: true, force: true });
    return failures;
  });
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

interface ColumnResult extends TestCounts {
  readonly column: VersionColumn;
  readonly seconds: number;
  /** What could not be built, so that no test ran. */
  readonly obstacles: readonly string[];
}

async function testColumn(column: VersionColumn, failures: ReadonlyMap<string, unknown>): Promise<ColumnResult> {
  const started = Date.now();
  console.log(`\n── versions, ${column.name}: ${formatColumn(column)}`);
  const obstacles = listColumnTasks(column).flatMap(({ title, output }) =>
    failures.has(output) ? [`${title} was not built: ${explainError(failures.get(output))}`] : [],
  );
  const variables = { MIXCPT_TEST_SOFTWARE: describeSoftware(column), MIXCPT_CHAOS_ROUNDS: chaosRounds };
  const counts =
    obstacles.length > 0
      ? countFailure(`versions ${column.name}`, obstacles.join("\n"))
      : await runJestProject("versions", variables);
  return { ...counts, column, obstacles, seconds: (Date.now() - started) / 1000 };
}

function printColumn({ column, passed, failed, seconds, obstacles }: ColumnResult): void {
  const counts = `${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed`;
  console.log(`  ${column.name.padEnd(18)} ${counts} ${formatDuration(seconds).padStart(8)}   ${formatColumn(column)}`);
  for (const obstacle of obstacles) console.log(`    ${obstacle}`);
}

/**
 * Runs the tests of the controllers once for each column of the table, or those that MIXCPT_TEST_COLUMNS names. A
 * column whose programs cannot be built fails, and the others still run.
 */
export async function runVersionTests(): Promise<TestCounts> {
  const columns = selectColumns(env["MIXCPT_TEST_COLUMNS"]);
  const failures = await buildVersions(columns);
  const results: ColumnResult[] = [];
  for (const column of columns) results.push(await testColumn(column, failures));
  console.log("\nversions by column");
  for (const result of results) printColumn(result);
  return results.reduce(addCounts, noCounts);
}
