import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { env } from "node:process";
import { stringify } from "yaml";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { toolchainFile } from "../../workspace/toolchain.ts";
import { copyCheckout } from "./checkoutFiles.ts";
import type { CommandResult } from "./mixcptCommand.ts";
import { runProgram } from "./mixcptCommand.ts";

/** A copy of this checkout, as git would clone it, with an empty home and no state. */
export interface ClonedCheckout {
  readonly folder: string;
  /** Writes a file of the checkout, given as data. */
  writeYaml(file: string, content: unknown): void;
  /** Runs `./mixcpt` in the clone with additional variables; `timeout` are milliseconds, by default nine minutes. */
  run(args: readonly string[], variables?: Readonly<Record<string, string>>, timeout?: number): Promise<CommandResult>;
  /**
   * Starts `./mixcpt` as the leader of a process group, to which a terminal sends its signals.
   * @param log the file for its output, which nobody keeps otherwise
   */
  start(args: readonly string[], variables?: Readonly<Record<string, string>>, log?: string): ChildProcess;
  remove(): void;
}

/** Clones this checkout. Packages and the toolchain are shared, since only their place is recorded in a checkout. */
export function cloneCheckout(): ClonedCheckout {
  const parent = mkdtempSync(join(tmpdir(), "mixcpt-clone-"));
  const [folder, home] = [join(parent, "checkout"), join(parent, "home")];
  copyCheckout(folder);
  symlinkSync(join(checkoutDirectory, "node_modules"), join(folder, "node_modules"));
  for (const directory of [home, join(folder, ".mixcpt")]) mkdirSync(directory, { recursive: true });
  cpSync(toolchainFile, join(folder, ".mixcpt/software.json"));
  const variables = { PATH: [dirname(process.execPath), env["PATH"] ?? ""].join(":"), HOME: home };
  const command = ["--disable-warning=ExperimentalWarning", "cli/index.ts"];
  return {
    folder,
    writeYaml: (file, content) => writeFileSync(join(folder, file), stringify(content)),
    run: (args, more = {}, timeout) =>
      runProgram(process.execPath, [...command, ...args], {
        cwd: folder,
        env: { ...variables, ...more },
        ...(timeout !== undefined && { timeout }),
      }),
    start: (args, more = {}, log = "/dev/null") => {
      const output = openSync(log, "a");
      return spawn(process.execPath, [...command, ...args], {
        cwd: folder,
        env: { ...variables, ...more },
        detached: true,
        stdio: ["ignore", output, output],
      });
    },
    remove: () => rmSync(parent, { recursive: true, force: true }),
  };
}
