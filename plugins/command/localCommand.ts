import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { CommandOutput, ShellCommand } from "./commandInputs.ts";
import { OutputCollector, requireExitSuccess } from "./commandOutput.ts";

export interface LocalCommand extends ShellCommand {
  readonly interpreter: string[];
  readonly dir: string | undefined;
  readonly inherited: Record<string, string | undefined>;
}

/** Runs a command on this machine. Errors: exit code and last lines; a cancelled command is ended with all it started. */
export function runLocalCommand(
  step: LocalCommand,
  cancel: AbortSignal,
  onLine: (line: string) => void,
): Promise<CommandOutput> {
  const [shell = "/bin/sh", ...flags] = step.interpreter;
  const env = { ...step.inherited, ...step.environment, ...step.previousOutput };
  const options = { env, detached: true, ...(step.dir === undefined ? {} : { cwd: step.dir }) };
  const child = spawn(shell, [...flags, step.command], { ...options, stdio: "pipe" });
  const collected = new OutputCollector(step.loggedStreams, onLine);
  child.stdout.on("data", (chunk: Buffer) => collected.addChunk("stdout", chunk));
  child.stderr.on("data", (chunk: Buffer) => collected.addChunk("stderr", chunk));
  // A command that does not read its input closes it.
  child.stdin.on("error", () => undefined).end(step.stdin);
  const terminateCommand = () => terminateProcessGroup(child);
  cancel.addEventListener("abort", terminateCommand);
  return new Promise<CommandOutput>((resolve, reject) => {
    child.on("error", (error) =>
      reject(new Error(`cannot run ${shell}${step.dir === undefined ? "" : ` in ${step.dir}`}: ${error.message}`)),
    );
    child.on("close", (code, signal) => {
      try {
        resolve(requireExitSuccess("on this machine", { code, signal, collected }));
      } catch (error) {
        reject(error);
      }
    });
  }).finally(() => cancel.removeEventListener("abort", terminateCommand));
}

/** The child leads a process group of its own: what it started ends with it. */
function terminateProcessGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGTERM");
  } catch {
    // It ended by itself in the meantime.
  }
}
