import { execa } from "execa";
import { buildChildEnvironment } from "../../workspace/environment.ts";
import { listKnownPrograms } from "../../workspace/toolchain.ts";
import { getLastLine } from "../terminal/getLastLine.ts";
import { buildPulumiEnvironment } from "./backend.ts";
import { prepareWorkDirectory } from "./prepareWorkDirectory.ts";
import { readDuringWrite } from "./readDuringWrite.ts";
import type { ProjectName } from "./stackDeclarations.ts";
import { projectDirectories } from "./stackDeclarations.ts";

const missingOutputPattern = /no stack named|does not have output property/;

interface PulumiFailure {
  readonly code?: string | undefined;
  readonly timedOut: boolean;
  readonly stderr: string;
  readonly shortMessage?: string | undefined;
}

function explainPulumiFailure({ code, timedOut, stderr, shortMessage }: PulumiFailure, timeout = 0): string {
  if (code === "ENOENT") return "pulumi is not installed; run ./mixcpt setup client";
  if (timedOut) return `the backend did not answer within ${timeout / 1000} s`;
  return getLastLine(stderr) || (shortMessage ?? "no reason given");
}

interface StackOutputOptions {
  /** Arguments of `pulumi stack output`. */
  readonly args: readonly string[];
  /** What is read, for the message of an error. */
  readonly subject: string;
  /** Milliseconds after which the backend counts as unreachable; without it there is no limit. */
  readonly timeout?: number;
}

/**
 * Reads outputs of a stack by one call of Pulumi; undefined if the backend has no such stack or output.
 * @throws Error if the backend or its passphrase cannot be used
 */
export function fetchStackOutput(
  project: ProjectName,
  stack: string,
  options: StackOutputOptions,
): Promise<string | undefined> {
  return readDuringWrite(() => callStackOutput(project, stack, options));
}

async function callStackOutput(
  project: ProjectName,
  stack: string,
  { args, subject, timeout }: StackOutputOptions,
): Promise<string | undefined> {
  const options = {
    cwd: prepareWorkDirectory(project, { directory: projectDirectories[project], stack }),
    env: buildChildEnvironment(buildPulumiEnvironment({ programs: [...listKnownPrograms()] })),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    ...(timeout !== undefined && { timeout }),
  } as const;
  const command = ["stack", "output", ...args, "--show-secrets", "--stack", stack, "--non-interactive"];
  const result = await execa("pulumi", command, options);
  if (!result.failed) return result.stdout;
  if (missingOutputPattern.test(result.stderr)) return undefined;
  throw new Error(`${subject} cannot be read from Pulumi's state (${explainPulumiFailure(result, timeout)})`);
}
