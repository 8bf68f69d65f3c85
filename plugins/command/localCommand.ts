import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { CommandOutput, ShellCommand } from "./commandInputs.ts";
import { OutputCollector, requireExitSuccess } from "./commandOutput.ts";

interface LocalCommand extends ShellCommand {
  readonly interpreter: string[];
  readonly dir: string | undefined;
  readonly inherited: Record<string, string | undefined>;
}

/**
 * Runs a command on this machine. Cancelling it also ends every process that it started.
 * @throws Error with the exit code and the last lines
 */
export function runLocalCommand(
  localCommand: LocalCommand,
  cancel: AbortSignal,
  onLine: (line: string) => void,
): Promise<CommandOutput> {
  const { command, interpreter, dir, environment, inherited, loggedStreams, previousOutput, stdin } = localCommand;
  const [shell = "/bin/sh", ...flags] = interpreter;
  const env = { ...inherited, ...environment, ...previousOutput };
  const options = { env, detached: true, ...(dir === undefined ? {} : { cwd: dir }) };
  const child = spawn(shell, [...flags, command], { ...options, stdio: "pipe" });
  const collected = new OutputCollector(loggedStreams, onLine);
  child.stdout.on("data", (chunk: Buffer) => collected.addChunk("stdout", chunk));
  child.stderr.on("data", (chunk: Buffer) => collected.addChunk("stderr", chunk));
  // A command that does not read its input closes it, which is not an error.
  child.stdin.on("error", () => undefined).end(stdin);
  const terminateCommand = () => terminateProcessGroup(child);
  cancel.addEventListener("abort", terminateCommand);
  return new Promise<CommandOutput>((resolve, reject) => {
    child.on("error", (error) =>
      reject(new Error(`cannot run ${shell}${dir === undefined ? "" : ` in ${dir}`}: ${error.message}`)),
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

/** Ends the child, which leads its own process group, together with every process that it started. */
function terminateProcessGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGTERM");
  } catch {
    // The group has already ended.
  }
}
