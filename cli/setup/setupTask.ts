import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ExecaError, execa } from "execa";
import { buildChildEnvironment, resolveCacheDirectory } from "../../workspace/environment.ts";
import type { WorkReporter } from "../terminal/progressDisplay.ts";

/** A task of setup; its output is a directory in the cache that exists only once it is complete. */
export interface SetupTask {
  /** The title shown to the user, such as `kubernetes v1.36.3`. */
  readonly title: string;
  /** The output directory, relative to the cache; its name contains a hash of all inputs. */
  readonly output: string;
  /** The usual duration from scratch, for the progress display. */
  readonly minutes: number;
  /** A path in the output without which it is not complete. */
  readonly proof?: string;
  /** True if it reads Go modules. */
  readonly needsGo?: boolean;
  /** True if it compiles Go programs, which needs space for Go's caches, too. */
  readonly isCompiled?: boolean;
  /** Fills the directory, which is new and empty. */
  readonly build: (directory: string, run: CommandRunner, reporter: WorkReporter) => Promise<void>;
}

/** What a task works with: its output directory, a runner of programs and the display of its progress. */
export interface TaskContext {
  readonly directory: string;
  readonly run: CommandRunner;
  readonly reporter: WorkReporter;
}

/** Computes 12 hexadecimal digits that change with any of the parts. */
export function hashCacheKey(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}

export function resolveTaskPath(task: Pick<SetupTask, "output">): string {
  return resolve(resolveCacheDirectory(), task.output);
}

export function isTaskComplete(task: SetupTask): boolean {
  return existsSync(resolve(resolveTaskPath(task), task.proof ?? "."));
}

const runningTasks = new Map<string, Promise<void>>();

/** Runs a task that is not complete, once however many ask for it at a time. */
export async function completeTask(task: SetupTask, reporter: WorkReporter): Promise<void> {
  if (isTaskComplete(task)) return;
  const target = resolveTaskPath(task);
  const running =
    runningTasks.get(target) ?? runSetupTask(task, reporter).finally(() => void runningTasks.delete(target));
  runningTasks.set(target, running);
  await running;
}

/** Builds the output beside its final path and moves it there last: an interrupted task leaves no partial output. */
async function runSetupTask(task: SetupTask, reporter: WorkReporter): Promise<void> {
  const target = resolveTaskPath(task);
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const log = resolve(resolveCacheDirectory(), "logs", `${task.output.replaceAll("/", "-")}.log`);
  mkdirSync(dirname(log), { recursive: true });
  await task.build(partial, createLoggedRunner(log), reporter);
  rmSync(target, { recursive: true, force: true });
  renameSync(partial, target);
}

/**
 * Runs a program, appends its output to the task's log, and returns its standard output.
 * @throws Error with the last lines of its standard error, or of its output without any, and the path of the log
 */
export type CommandRunner = (
  program: string,
  args: readonly string[],
  options?: { cwd?: string; env?: Record<string, string>; input?: string },
) => Promise<string>;

/** Creates a runner whose programs write to this log file. */
export function createLoggedRunner(log: string): CommandRunner {
  return async (program, args, { cwd, env = {}, input } = {}) => {
    try {
      // builds end when setup is killed
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
  { exitCode, signal, stdout, stderr, originalMessage }: ExecaError,
  { command, log }: { command: string; log: string },
): string {
  const end =
    signal === undefined ? `could not be started: ${String(originalMessage)}` : `was ended by signal ${signal}`;
  // `go mod download -json` explains itself on standard output
  const said = [stderr, stdout]
    .map((text) => (typeof text === "string" ? text.trim() : ""))
    .find((text) => text !== "");
  const lines = said?.split("\n").slice(-5) ?? [];
  return [
    exitCode === undefined ? `${command} ${end}` : `${command} exited with code ${String(exitCode)}`,
    ...lines.map((line) => `    ${line}`),
    `    full output: ${log}`,
  ].join("\n");
}
