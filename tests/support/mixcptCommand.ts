import { spawn } from "node:child_process";
import type { SpawnOptions } from "node:child_process";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";

export interface CommandResult {
  readonly exitCode: number;
  /** Standard output and standard error, in order of arrival. */
  readonly output: string;
  readonly stdout: string;
}

/** Few commands of the tests take longer. One that does would outlive its test, which Jest does not end. */
const limitMs = 9 * 60_000;

/**
 * Runs a program, by default in this checkout, without a terminal. After nine minutes, or after `timeout` milliseconds,
 * it is ended, and its exit code is -1.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: Pick<SpawnOptions, "cwd" | "env" | "timeout"> = {},
): Promise<CommandResult> {
  return new Promise((settle) => {
    const defaults = { cwd: checkoutDirectory, timeout: limitMs };
    const child = spawn(program, args, { ...defaults, ...options, stdio: ["ignore", "pipe", "pipe"] });
    const [chunks, printed]: [string[], string[]] = [[], []];
    // A chunk may end within a character.
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
    child.stdout.on("data", (chunk: string) => printed.push(chunk));
    child.on("close", (code) => settle({ exitCode: code ?? -1, output: chunks.join(""), stdout: printed.join("") }));
  });
}

/**
 * Fails unless a command has succeeded, and shows what it printed, which a comparison of exit codes does not.
 * @throws Error with the whole output
 */
export function expectSuccess(
  { exitCode, output }: Pick<CommandResult, "exitCode" | "output">,
  command = "the command",
): void {
  if (exitCode !== 0) throw new Error(`${command} exited with code ${String(exitCode)}:\n${output}`);
}

/** Runs the command `mixcpt` in this checkout, as a user would. */
export function runMixcpt(...args: string[]): Promise<CommandResult> {
  return runProgram(resolve(checkoutDirectory, "mixcpt"), args);
}

/**
 * Runs the command and returns its output.
 * @throws Error with the whole output if the command fails
 */
export function runMixcptSuccessfully(...args: string[]): Promise<string> {
  return runLongMixcpt(limitMs, ...args);
}

/**
 * Runs a command that may take longer than others, such as one that makes machines or waits for cells.
 * @param timeout milliseconds
 * @throws Error with the whole output if the command fails
 */
export async function runLongMixcpt(timeout: number, ...args: string[]): Promise<string> {
  const result = await runProgram(resolve(checkoutDirectory, "mixcpt"), args, { timeout });
  expectSuccess(result, `mixcpt ${args.join(" ")}`);
  return result.output;
}

/**
 * Repeats a command that continues where its limit of time ended it, as often as a slow machine needs. A command that
 * fails is not repeated.
 */
export async function repeatWhileEnded(run: () => Promise<CommandResult>): Promise<CommandResult> {
  for (let attempt = 1; ; attempt++) {
    const result = await run();
    if (result.exitCode !== -1 || attempt === 6) return result;
  }
}

/**
 * Runs a command that continues where it was ended, and returns its output.
 * @throws Error with the whole output if the command fails
 */
export async function runMixcptToEnd(...args: string[]): Promise<string> {
  const result = await repeatWhileEnded(() => runMixcpt(...args));
  expectSuccess(result, `mixcpt ${args.join(" ")}`);
  return result.output;
}
