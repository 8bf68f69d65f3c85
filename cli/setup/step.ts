import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { resolveCacheDirectory } from "../../infra/environment.ts";
import type { CommandRunner } from "./runLogged.ts";
import { createLoggedRunner } from "./runLogged.ts";

/** One thing that set-up makes: a directory in the cache that exists only once it is complete. */
export interface SetupTask {
  /** `kubernetes v1.36.3` */
  title: string;
  /** Directory, below the cache, with a key of everything that goes into it. */
  output: string;
  /** How long it usually takes from nothing, for the plan shown to the user. */
  minutes: number;
  /** Fills the directory, which is new and empty. */
  build: (directory: string, run: CommandRunner) => Promise<void>;
}

/** 12 hexadecimal characters that change with any of the parts. */
export function hashCacheKey(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}

export const resolveTaskPath = (step: Pick<SetupTask, "output">): string => resolve(resolveCacheDirectory(), step.output);
export const isTaskComplete = (step: SetupTask): boolean => existsSync(resolveTaskPath(step));

/** Makes the step's directory beside its place and moves it there last: an interrupted run leaves nothing half made. */
export async function runSetupTask(step: SetupTask): Promise<void> {
  const target = resolveTaskPath(step);
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const log = resolve(resolveCacheDirectory(), "logs", `${step.output.replaceAll("/", "-")}.log`);
  mkdirSync(dirname(log), { recursive: true });
  await step.build(partial, createLoggedRunner(log));
  renameSync(partial, target);
}
