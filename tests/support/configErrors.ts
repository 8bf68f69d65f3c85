import type { Problem } from "../../validation/problems.ts";
import { ConfigError } from "../../validation/problems.ts";

/** Returns the ConfigError that a function throws, or undefined if it succeeds. Rethrows any other error. */
export function catchConfigError(run: () => unknown): ConfigError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

export function catchProblems(run: () => unknown): readonly Problem[] {
  return catchConfigError(run)?.problems ?? [];
}
