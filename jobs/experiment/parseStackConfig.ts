import { ConfigError } from "../../validation/problems.ts";
import type { FamilyConfig, StackConfig, StackFile } from "../config/index.ts";
import { parseStackFile } from "../config/index.ts";
import { recipeRules } from "../train/index.ts";

/**
 * Parses the configuration of any stack.
 * @throws ConfigError with all problems of the file
 */
export function parseStackConfig(file: StackFile): StackConfig {
  return parseStackFile(file, recipeRules);
}

/**
 * Parses the configuration of a family's stack.
 * @throws ConfigError with all problems of the file, or if its stack has another kind
 */
export function parseFamilyConfig(file: StackFile): FamilyConfig {
  const config = parseStackConfig(file);
  if (config.kind === "family") return config;
  const message = "this stack trains no cells; a stack with cells has the kind family";
  throw new ConfigError(file.file, [{ rule: "not-allowed", path: "mixcpt:kind", value: config.kind, message }]);
}
