import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ExecaError, execa } from "execa";
import { buildChildEnvironment, resolveCacheDirectory } from "../../workspace/environment.ts";

/** One thing that set-up makes: a directory in the cache that exists only once it is complete. */
export interface SetupTask {
  /** `kubernetes v1.36.3` */
  readonly title: string;
  /** Directory, below the cache, with a key of everything that goes into it. */
  readonly output: string;
  /** How long it usually takes from nothing, for the plan shown to the user. */
  readonly minutes: number;
  /** Fills the directory, which is new and empty. */
  readonly build: (directory: string, run: CommandRunner) => Promise<void>;
}

/** 12 hexadecimal characters that change with any of the parts. */
export function hashCacheKey(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}

export function resolveTaskPath(step: Pick<SetupTask, "output">): string {
  return resolve(resolveCacheDirectory(), step.output);
}

export function isTaskComplete(step: SetupTask): boolean {
  return existsSync(resolveTaskPath(step));
}

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

/** Runs a program; its output goes to the step's log. @throws Error with the last lines and the log's path. */
export type CommandRunner = (
  program: string,
  args: readonly string[],
  options?: { cwd?: string; env?: Record<string, string>; input?: string },
) => Promise<string>;

/** A runner whose programs write to this log file. */
export function createLoggedRunner(log: string): CommandRunner {
  return async (program, args, { cwd, env = {}, input } = {}) => {
    try {
      // a set-up that is killed takes its builds with it
      const { stdout } = await execa("setpriv", ["--pdeathsig", "TERM", "--", program, ...args], {
        env: buildChildEnvironment(env),
        extendEnv: false,
        stdout: ["pipe", { file: log, append: true }],
        stderr: ["pipe", { file: log, append: true }],
        ...(cwd === undefined ? {} : { cwd }),
        ...(input === undefined ? {} : { input }),
      });
      return stdout;
    } catch (error) {
      throw error instanceof ExecaError
        ? new Error(describeFailedCommand(error, { command: [program, ...args].join(" "), log }))
        : error;
    }
  };
}

function describeFailedCommand(
  { exitCode, signal, stderr }: ExecaError,
  { command, log }: { command: string; log: string },
): string {
  const lines = typeof stderr === "string" ? stderr.trim().split("\n").slice(-5) : [];
  return [
    `${command} ended with ${String(exitCode ?? signal)}`,
    ...lines.map((line) => `    ${line}`),
    `    whole output: ${log}`,
  ].join("\n");
}
