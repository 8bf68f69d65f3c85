import { existsSync, rmSync } from "node:fs";
import { basename, resolve } from "node:path";
import { resolveCacheDirectory } from "../../workspace/environment.ts";
import { explainError } from "../explainError.ts";
import { formatCount } from "../terminal/formatList.ts";
import { ProgressDisplay } from "../terminal/progressDisplay.ts";
import { runExclusively, runUnlessLocked } from "./setupLock.ts";
import { installMissingPackages, listSetupObstacles } from "./machineRequirements.ts";
import { goToolchainTask, isGoInstalled, listGoObstacles } from "./goToolchain.ts";
import { listPluginTasks } from "./pluginTasks.ts";
import { chooseProgramWays, describeProgramOrigins } from "./programWays.ts";
import { recordToolchain } from "./toolchainRecord.ts";
import type { SetupScope } from "./scopeNeeds.ts";
import { needsDebian } from "./scopeNeeds.ts";
import type { TaskLanes, SetupChoices } from "./setupScope.ts";
import { estimateSpaceGB, listMissingSets, listMissingTasks, listProgramSets, listTaskPhases } from "./setupScope.ts";
import type { SetupTask } from "./setupTask.ts";
import { createLoggedRunner, completeTask, isTaskComplete } from "./setupTask.ts";
import { removeAbandonedContainers } from "./scratchContainers.ts";
import { removeUnusedImageSets } from "./unusedImageSets.ts";

/**
 * Runs the missing tasks and records the paths of their outputs.
 * May be interrupted at any time; the next call continues with the interrupted task.
 * @throws Error with all obstacles of this machine at once, or the last output of the task that failed
 */
export async function runSetup(scope: SetupScope): Promise<void> {
  const caches = resolve(resolveCacheDirectory(), "build");
  const removeCaches = (): void => rmSync(caches, { recursive: true, force: true });
  if (listMissingTasks(scope).length > 0)
    await runExclusively(async () => {
      await buildMissingTasks(scope);
      removeCaches();
    });
  // left by an interrupted build, unless another one uses them at this moment
  else if (existsSync(caches)) runUnlessLocked(removeCaches);
  // What signs is found in the cache by its versions. The record names the client, which may not be there.
  if (scope === "signing") return;
  recordToolchain();
  reportUnusedImageSets();
  await reportAbandonedContainers();
}

async function reportAbandonedContainers(): Promise<void> {
  const removed = await removeAbandonedContainers(new Date());
  if (removed.length > 0) console.log(`setup: removed ${formatCount(removed.length, "container")} of killed processes`);
}

function reportUnusedImageSets(): void {
  const used = listTaskPhases("cilium")
    .flat(2)
    .map(({ output }) => basename(output));
  const removed = removeUnusedImageSets(resolve(resolveCacheDirectory(), "images"), used, new Date());
  if (removed.length > 0) console.log(`setup: removed ${removed.join(", ")}, unused for two weeks`);
}

/** Asks where each missing program can come from and prints a line about it. */
async function chooseSetup(scope: SetupScope): Promise<SetupChoices> {
  const [ways, pluginTasks] = await Promise.all([
    chooseProgramWays(listMissingSets(scope), (line) => console.log(line)),
    scope === "signing" ? [] : listPluginTasks(),
  ]);
  return { ways, pluginTasks };
}

/**
 * Adds the download of Go where PATH has none, because the manifests are read from Go modules: before everything else
 * if programs compile, otherwise beside the other downloads.
 */
function addGoTask(phases: readonly TaskLanes[]): readonly TaskLanes[] {
  const missing = phases.flat(2).filter((task) => !isTaskComplete(task));
  const compiles = missing.some(({ isCompiled }) => isCompiled === true);
  if (isGoInstalled() || !(compiles || missing.some(({ needsGo }) => needsGo === true))) return phases;
  const [first = [], ...rest] = phases;
  return compiles ? [[[goToolchainTask]], ...phases] : [[[goToolchainTask], ...first], ...rest];
}

async function buildMissingTasks(scope: SetupScope): Promise<void> {
  if (listMissingTasks(scope).length === 0) return; // another checkout's setup built them while this one waited
  const choices = await chooseSetup(scope);
  const phases = addGoTask(listTaskPhases(scope, choices));
  const missing = phases.flat(2).filter((task) => !isTaskComplete(task));
  const space = estimateSpaceGB(missing, scope);
  const goObstacles = missing.includes(goToolchainTask) ? await listGoObstacles() : [];
  rejectObstacles([...listSetupObstacles(space, scope), ...goObstacles]);
  const tasks = missing.length === 1 ? "1 task" : `${String(missing.length)} tasks`;
  console.log(
    `setup: ${tasks} to do; may be interrupted at any time, needs up to ${String(space)} GB of disk while it runs`,
  );
  if (needsDebian(scope))
    await installMissingPackages(createLoggedRunner(resolve(resolveCacheDirectory(), "packages.log")));
  const progress = new ProgressDisplay(missing);
  try {
    for (const lanes of phases) await runTaskLanes(lanes, progress);
  } finally {
    progress.closeDisplay();
  }
  for (const line of describeProgramOrigins(listProgramSets(scope))) console.log(`setup: ${line}`);
}

/** Runs the tasks of each lane in order and the lanes in parallel; after a failure no lane starts another task. */
async function runTaskLanes(lanes: TaskLanes, progress: ProgressDisplay): Promise<void> {
  const failures: unknown[] = [];
  const runLane = async (tasks: readonly SetupTask[]): Promise<void> => {
    for (const task of tasks) {
      if (failures.length > 0) return;
      if (!isTaskComplete(task))
        await progress
          .runWorkItem(task, (reporter) => completeTask(task, reporter))
          .catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(lanes.map(runLane));
  if (failures.length === 0) return;
  const hint = "once this is fixed, run the same command again: it continues with the failed task";
  throw new Error([...failures.map(explainError), hint].join("\n"));
}

function rejectObstacles(obstacles: readonly string[]): void {
  if (obstacles.length > 0)
    throw new Error(["setup cannot start:", ...obstacles.map((obstacle) => `  ${obstacle}`)].join("\n"));
}
