import { existsSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { cacheDirectory } from "../../infra/environment.ts";
import { Progress } from "../terminal/progress.ts";
import { alone } from "./lock.ts";
import { installMissingPackages, obstacles } from "./machine.ts";
import { recordSoftware } from "./record.ts";
import { runLogged } from "./runLogged.ts";
import type { Lanes, Scope } from "./scope.ts";
import { missingSteps, spaceGB, stages } from "./scope.ts";
import type { Step } from "./step.ts";
import { isMade, make } from "./step.ts";

/**
 * Builds whatever is missing and writes down where it lies.
 * May be interrupted at any time; the next call goes on with the step that was under way.
 * @throws Error with all obstacles of this machine at once, or the log of the step that failed
 */
export async function setUp(scope: Scope): Promise<void> {
  const caches = resolve(cacheDirectory(), "build");
  if (missingSteps(scope).length > 0 || existsSync(caches)) {
    await alone(async () => {
      await build(missingSteps(scope), scope);
      rmSync(caches, { recursive: true, force: true });
    });
  }
  recordSoftware();
}

async function build(missing: readonly Step[], scope: Scope): Promise<void> {
  if (missing.length === 0) return; // another checkout's set-up made it while this one waited
  const space = spaceGB(missing, scope);
  refuse(obstacles(space, scope));
  console.log(`set-up: ${String(missing.length)} steps to go; it may be interrupted, and takes up to ${String(space)} GB of disk while it lasts`);
  if (scope === "all") await installMissingPackages(runLogged(resolve(cacheDirectory(), "packages.log")));
  const progress = new Progress(missing);
  try {
    for (const lanes of stages(scope)) await runLanes(lanes, progress);
  } finally {
    progress.end();
  }
}

/** Makes the steps of each lane one after the other, the lanes side by side; after a failure no lane begins another step. */
async function runLanes(lanes: Lanes, progress: Progress): Promise<void> {
  const failures: unknown[] = [];
  const run = async (steps: readonly Step[]): Promise<void> => {
    for (const step of steps) {
      if (failures.length > 0) return;
      if (!isMade(step)) await progress.run(step, () => make(step)).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(lanes.map(run));
  if (failures.length === 0) return;
  const messages = failures.map((error) => (error instanceof Error ? error.message : String(error)));
  throw new Error([...messages, "when that is mended, the same command goes on with this step"].join("\n"));
}

function refuse(reasons: readonly string[]): void {
  if (reasons.length > 0) throw new Error(["set-up cannot start:", ...reasons.map((reason) => `  ${reason}`)].join("\n"));
}
