import { parseStackConfig, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import type { CorporaConfig, FamilyConfig, StackFile } from "../../jobs/config/index.ts";
import { readStackValues } from "../engine/stackDeclarations.ts";

const buildStackFile = (stack: string): StackFile => ({ stack, file: `Pulumi.${stack}.yaml`, values: readStackValues("mixcpt", stack) });

/**
 * The configuration of a family's stack out of its file, without Pulumi.
 * @throws Error for a stack that there is not, ConfigError with all problems of its file
 */
export const loadFamilyConfig = (stack: string): FamilyConfig => parseFamilyConfig(buildStackFile(stack));

/** The same of any stack. */
export const loadStackConfig = (stack: string): FamilyConfig | CorporaConfig => parseStackConfig(buildStackFile(stack));
