import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { buildChildEnvironment } from "../../workspace/environment.ts";
import { resolveProgramsFolder } from "../setup/goPrograms.ts";
import { getLastLine } from "../terminal/getLastLine.ts";
import { withRegistryCredentials } from "./registryCredentials.ts";

/** Programs of `./mixcpt setup signing`. */
export type SigningProgram = "syft" | "oras" | "cosign";

export interface ProgramResult {
  readonly hasSucceeded: boolean;
  readonly output: string;
  /** What it wrote to standard error. */
  readonly complaint: string;
}

interface RunnerContext {
  /** The image that the program looks at; its registry decides which credentials are used. */
  readonly reference: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs a program about an image of a registry, without a terminal. */
export type SigningRunner = (
  program: SigningProgram,
  args: readonly string[],
  context: RunnerContext,
) => Promise<ProgramResult>;

const purposes: Readonly<Record<SigningProgram, string>> = {
  syft: "lists what is in an image",
  oras: "puts files beside an image in a registry",
  cosign: "signs images and verifies their signatures",
};

/**
 * Finds a program that setup provided.
 * @throws Error with the command that provides it
 */
export function requireSigningProgram(program: SigningProgram): string {
  const path = resolve(resolveProgramsFolder(program), program);
  if (existsSync(path)) return path;
  throw new Error(`${program} is missing, which ${purposes[program]}; run ./mixcpt setup signing`);
}

/** Settings that keep the programs from asking their vendors for news. */
const quietEnvironment = { SYFT_CHECK_FOR_APP_UPDATE: "false" };

/** Runs a program with the credentials of `skopeo login` or `docker login`. */
export const runSigningProgram: SigningRunner = (program, args, { reference, env = {}, cwd }) => {
  const path = requireSigningProgram(program);
  return withRegistryCredentials(reference, async (credentials) => {
    const result = await execa(path, args, {
      env: buildChildEnvironment({ ...quietEnvironment, ...credentials, ...env }),
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      ...(cwd === undefined ? {} : { cwd }),
    });
    return {
      hasSucceeded: !result.failed,
      output: result.stdout,
      complaint: result.stderr || (result.shortMessage ?? ""),
    };
  });
};

/** Extracts cosign's sentence from what it wrote to standard error. */
export function extractCosignMessage(complaint: string): string {
  return getLastLine(complaint).replace(/^error during command execution: /, "");
}
