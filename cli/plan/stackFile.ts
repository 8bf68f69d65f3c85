import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { anyStackConfig, stackConfig } from "../../jobs/experiment.ts";
import type { CorporaConfig, StackConfig, StackFile } from "../../jobs/matrix/index.ts";
import { directories, refuseUnknownStack } from "../engine/declared.ts";

/** @throws Error for a stack that there is not */
function read(stack: string): StackFile {
  refuseUnknownStack("mixcpt", stack);
  const file = `Pulumi.${stack}.yaml`;
  const { config } = (parse(readFileSync(resolve(directories.mixcpt, file), "utf8")) ?? {}) as { config?: Record<string, unknown> };
  return { stack, file, values: config ?? {} };
}

/**
 * The configuration of a family's stack out of its file, without Pulumi.
 * @throws Error for a stack that there is not, ConfigError with all problems of its file
 */
export const readStackFile = (stack: string): StackConfig => stackConfig(read(stack));

/** The same of any stack. */
export const readAnyStackFile = (stack: string): StackConfig | CorporaConfig => anyStackConfig(read(stack));
