import { spawn } from "node:child_process";
import { resolve } from "node:path";

export const checkout = resolve(__dirname, "../..");

export interface CommandResult {
  readonly exitCode: number;
  /** Standard output and standard error in the order they came. */
  readonly output: string;
}

/** Runs a program in this checkout, without a terminal. */
export function runProgram(program: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: checkout, stdio: ["ignore", "pipe", "pipe"] });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
    child.on("close", (code) => done({ exitCode: code ?? -1, output: chunks.join("") }));
  });
}

/** Runs the command `mixcpt` as a user would, in this checkout. */
export function runMixcpt(...args: string[]): Promise<CommandResult> {
  return runProgram(resolve(checkout, "mixcpt"), args);
}

/** The same, where it must succeed. @throws Error with all that was printed */
export async function runMixcptSuccessfully(...args: string[]): Promise<string> {
  const { exitCode, output } = await runMixcpt(...args);
  if (exitCode !== 0) throw new Error(`mixcpt ${args.join(" ")} ended with ${String(exitCode)}:\n${output}`);
  return output;
}
