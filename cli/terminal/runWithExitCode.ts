import { execa } from "execa";
import { buildChildEnvironment } from "../../workspace/environment.ts";

/** Runs a program on this terminal and returns its exit code; 1 if it could not start or a signal ended it. */
export async function runWithExitCode(
  program: string,
  args: readonly string[],
  { cwd = process.cwd(), env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<number> {
  const { exitCode } = await execa(program, args, {
    cwd,
    env: buildChildEnvironment(env),
    extendEnv: false,
    stdio: "inherit",
    reject: false,
  });
  return exitCode ?? 1;
}
