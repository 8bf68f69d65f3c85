import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Output, Step } from "./inputs.ts";
import { Collected, ended } from "./output.ts";

export interface LocalStep extends Step {
  interpreter: string[];
  dir: string | undefined;
  inherited: Record<string, string | undefined>;
}

/** Runs a command on this machine. Errors: exit code and last lines; a cancelled command is ended with all it started. */
export function runLocally(step: LocalStep, cancel: AbortSignal, onLine: (line: string) => void): Promise<Output> {
  const [shell = "/bin/sh", ...flags] = step.interpreter;
  const env = { ...step.inherited, ...step.environment, ...step.previous };
  const options = { env, detached: true, ...(step.dir === undefined ? {} : { cwd: step.dir }) };
  const child = spawn(shell, [...flags, step.command], { ...options, stdio: "pipe" });
  const collected = new Collected(step.logged, onLine);
  child.stdout.on("data", (chunk: Buffer) => collected.add("stdout", chunk));
  child.stderr.on("data", (chunk: Buffer) => collected.add("stderr", chunk));
  // A command that does not read its input closes it.
  child.stdin.on("error", () => undefined).end(step.stdin);
  const end = () => endGroup(child);
  cancel.addEventListener("abort", end);
  return new Promise<Output>((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`cannot run ${shell}${step.dir === undefined ? "" : ` in ${step.dir}`}: ${error.message}`)));
    child.on("close", (code, signal) => {
      try {
        resolve(ended("on this machine", { code, signal, collected }));
      } catch (error) {
        reject(error);
      }
    });
  }).finally(() => cancel.removeEventListener("abort", end));
}

/** The child leads a process group of its own: what it started ends with it. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGTERM");
  } catch {
    // It ended by itself in the meantime.
  }
}
