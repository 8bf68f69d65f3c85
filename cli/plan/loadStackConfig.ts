import { parseStackConfig, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import type { CorporaConfig, FamilyConfig, StackFile } from "../../jobs/config/index.ts";
import { readStackValues } from "../engine/stackDeclarations.ts";

function buildStackFile(stack: string): StackFile {
  return { stack, file: `Pulumi.${stack}.yaml`, values: readStackValues("mixcpt", stack) };
}

/**
 * The configuration of a family's stack out of its file, without Pulumi.
 * @throws Error for a stack that there is not, ConfigError with all problems of its file
 */
export function loadFamilyConfig(stack: string): FamilyConfig {
  return parseFamilyConfig(buildStackFile(stack));
}

/** The same of any stack. */
export function loadStackConfig(stack: string): FamilyConfig | CorporaConfig {
  return parseStackConfig(buildStackFile(stack));
}
