import * as pulumi from "@pulumi/pulumi";
import { parseStackConfig } from "../jobs/experiment/index.ts";
import type { CorporaConfig, FamilyConfig } from "../jobs/config/index.ts";

/** What JSON would take for a list, a map or a number. */
const jsonValuePattern = /^[[{]|^-?\d+(\.\d+)?$/;

/** Pulumi hands structured values over as JSON, and all others as the text that they are in the stack's file. */
function decodeConfigValue(value: string): unknown {
  if (!jsonValuePattern.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    // A text that only begins like JSON: the rules of the configuration say what is wrong with it.
    return value;
  }
}

/**
 * The configuration of the stack that runs. Nothing else of this project reads pulumi.Config.
 * @throws ConfigError with all problems of the stack's file.
 */
export function readStackConfig(): FamilyConfig | CorporaConfig {
  const stack = pulumi.getStack();
  // pulumi.Config answers for keys that are known; unknown ones must be seen to be refused.
  const all = Object.entries(pulumi.runtime.allConfig());
  const values = Object.fromEntries(all.map(([key, value]) => [key, decodeConfigValue(value)]));
  return parseStackConfig({ stack, file: `Pulumi.${stack}.yaml`, values });
}
