import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { anyStackConfig, stackConfig } from "../../jobs/experiment.ts";
import type { CorporaConfig, StackConfig, StackFile } from "../../jobs/matrix/index.ts";
import { directories, refuseUnknownStack } from "../engine/declared.ts";

function valuesOf(stack: string): StackFile {
  refuseUnknownStack("mixcpt", stack);
  const file = `Pulumi.${stack}.yaml`;
  const { config } = (parse(readFileSync(resolve(directories.mixcpt, file), "utf8")) ?? {}) as { config?: Record<string, unknown> };
  return { stack, file, values: config ?? {} };
}

/**
 * The configuration of a stack with cells out of its file, without Pulumi.
 * @throws Error for a stack that there is not, ConfigError with all problems of its file
 */
export const readStackFile = (stack: string): StackConfig => stackConfig(valuesOf(stack));

/**
 * The same for any stack, the corpora's too.
 * @throws Error for a stack that there is not, ConfigError with all problems of its file
 */
export const readAnyStackFile = (stack: string): StackConfig | CorporaConfig => anyStackConfig(valuesOf(stack));
