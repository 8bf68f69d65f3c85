import { existsSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { resolveCacheDirectory } from "../../workspace/environment.ts";
import { ProgressDisplay } from "../terminal/progressDisplay.ts";
import { runExclusively } from "./setupLock.ts";
import { installMissingPackages, listSetupObstacles } from "./machineRequirements.ts";
import { recordToolchain } from "./toolchainRecord.ts";
import { createLoggedRunner } from "./setupTask.ts";
import type { TaskLanes, SetupScope } from "./setupScope.ts";
import { listMissingTasks, estimateSpaceGB, listTaskPhases } from "./setupScope.ts";
import type { SetupTask } from "./setupTask.ts";
import { isTaskComplete, runSetupTask } from "./setupTask.ts";

/**
 * Builds whatever is missing and writes down where it lies.
 * May be interrupted at any time; the next call goes on with the step that was under way.
 * @throws Error with all obstacles of this machine at once, or the log of the step that failed
 */
export async function runSetup(scope: SetupScope): Promise<void> {
  const caches = resolve(resolveCacheDirectory(), "build");
  if (listMissingTasks(scope).length > 0 || existsSync(caches)) {
    await runExclusively(async () => {
      await buildMissingTasks(listMissingTasks(scope), scope);
      rmSync(caches, { recursive: true, force: true });
    });
  }
  recordToolchain();
}

async function buildMissingTasks(missing: readonly SetupTask[], scope: SetupScope): Promise<void> {
  if (missing.length === 0) return; // another checkout's set-up made it while this one waited
  const space = estimateSpaceGB(missing, scope);
  rejectObstacles(listSetupObstacles(space, scope));
  console.log(
    `set-up: ${String(missing.length)} steps to go; it may be interrupted, and takes up to ${String(space)} GB of disk while it lasts`,
  );
  if (scope === "all")
    await installMissingPackages(createLoggedRunner(resolve(resolveCacheDirectory(), "packages.log")));
  const progress = new ProgressDisplay(missing);
  try {
    for (const lanes of listTaskPhases(scope)) await runTaskLanes(lanes, progress);
  } finally {
    progress.closeDisplay();
  }
}

/** Makes the steps of each lane one after the other, the lanes side by side; after a failure no lane begins another step. */
async function runTaskLanes(lanes: TaskLanes, progress: ProgressDisplay): Promise<void> {
  const failures: unknown[] = [];
  const runLane = async (steps: readonly SetupTask[]): Promise<void> => {
    for (const step of steps) {
      if (failures.length > 0) return;
      if (!isTaskComplete(step))
        await progress.runWorkItem(step, () => runSetupTask(step)).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(lanes.map(runLane));
  if (failures.length === 0) return;
  const messages = failures.map((error) => (error instanceof Error ? error.message : String(error)));
  throw new Error([...messages, "when that is mended, the same command goes on with this step"].join("\n"));
}

function rejectObstacles(reasons: readonly string[]): void {
  if (reasons.length > 0)
    throw new Error(["set-up cannot start:", ...reasons.map((reason) => `  ${reason}`)].join("\n"));
}
