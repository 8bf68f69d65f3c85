import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { stackConfig } from "../../jobs/experiment.ts";
import type { StackConfig } from "../../jobs/matrix/index.ts";
import { directories, refuseUnknownStack } from "../engine/declared.ts";

/**
 * The configuration of an experiments stack out of its file, without Pulumi.
 * @throws Error for a stack that there is not, ConfigError with all problems of its file
 */
export function readStackFile(stack: string): StackConfig {
  refuseUnknownStack("mixcpt", stack);
  const file = `Pulumi.${stack}.yaml`;
  const { config } = (parse(readFileSync(resolve(directories.mixcpt, file), "utf8")) ?? {}) as { config?: Record<string, unknown> };
  return stackConfig({ stack, file, values: config ?? {} });
}
