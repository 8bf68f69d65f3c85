import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../jobs/config/index.ts";
import { parseStackConfig } from "../jobs/experiment/index.ts";
import { listOtherStackFiles } from "./otherStackFiles.ts";

/** Matches text that looks like a list, a map or a number in JSON. */
const jsonValuePattern = /^[[{]|^-?\d+(\.\d+)?$/;

/** Decodes structured values, which Pulumi passes as JSON. All others are plain text, as in the stack's file. */
function decodeConfigValue(value: string): unknown {
  if (!jsonValuePattern.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    // The text only begins like JSON: the rules of the configuration report the problem.
    return value;
  }
}

/**
 * The configuration of the current stack. No other function reads an experiments stack's configuration from Pulumi.
 * @throws ConfigError with all problems of the stack's file
 */
export function readStackConfig(): StackConfig {
  const stack = pulumi.getStack();
  // pulumi.Config can read only known keys, but unknown keys have to be reported.
  const all = Object.entries(pulumi.runtime.allConfig());
  const values = Object.fromEntries(all.map(([key, value]) => [key, decodeConfigValue(value)]));
  const listOthers = () => listOtherStackFiles(stack);
  return parseStackConfig({ stack, file: `Pulumi.${stack}.yaml`, values, listOthers });
}
