import { ExecaError, execa } from "execa";
import { buildChildEnvironment } from "../../infra/environment.ts";

/** Runs a program; its output goes to the step's log. @throws Error with the last lines and the log's path. */
export type CommandRunner = (program: string, args: readonly string[], options?: { cwd?: string; env?: Record<string, string>; input?: string }) => Promise<string>;

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
      throw error instanceof ExecaError ? new Error(describeFailedCommand(error, { command: [program, ...args].join(" "), log })) : error;
    }
  };
}

function describeFailedCommand({ exitCode, signal, stderr }: ExecaError, { command, log }: { command: string; log: string }): string {
  const lines = typeof stderr === "string" ? stderr.trim().split("\n").slice(-5) : [];
  return [`${command} ended with ${String(exitCode ?? signal)}`, ...lines.map((line) => `    ${line}`), `    whole output: ${log}`].join("\n");
}
