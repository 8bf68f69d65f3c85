import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { cacheDirectory } from "../../infra/environment.ts";
import type { Run } from "./runLogged.ts";
import { runLogged } from "./runLogged.ts";

/** One thing that set-up makes: a directory in the cache that exists only once it is complete. */
export interface Step {
  /** `kubernetes v1.36.3` */
  title: string;
  /** Directory, below the cache, with a key of everything that goes into it. */
  output: string;
  /** How long it usually takes from nothing, for the plan shown to the user. */
  minutes: number;
  /** Fills the directory, which is new and empty. */
  make: (directory: string, run: Run) => Promise<void>;
}

/** 12 hexadecimal characters that change with any of the parts. */
export function keyOf(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}

export const pathOf = (step: Pick<Step, "output">): string => resolve(cacheDirectory(), step.output);
export const isMade = (step: Step): boolean => existsSync(pathOf(step));

/** Makes the step's directory beside its place and moves it there last: an interrupted run leaves nothing half made. */
export async function make(step: Step): Promise<void> {
  const target = pathOf(step);
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const log = resolve(cacheDirectory(), "logs", `${step.output.replaceAll("/", "-")}.log`);
  mkdirSync(dirname(log), { recursive: true });
  await step.make(partial, runLogged(log));
  renameSync(partial, target);
}
