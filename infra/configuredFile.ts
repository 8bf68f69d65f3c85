import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../workspace/environment.ts";
import { clusterConfigKey } from "./clusterConfig.ts";

/** A problem of a file that the configuration names. */
export class ConfiguredFileError extends Error {
  /** @param key the configuration key that names the file */
  constructor(key: string, problem: string) {
    super(`${clusterConfigKey}.${key}: ${problem}`);
    this.name = "ConfiguredFileError";
  }
}

/**
 * The text of a file that the configuration names under `key`.
 * @throws ConfiguredFileError if it cannot be read
 */
export function readConfiguredFile(key: string, name: string): string {
  const file = resolve(checkoutDirectory, name);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfiguredFileError(
      key,
      `cannot read ${file} (${cause}); must be a readable file, relative to the checkout or absolute`,
    );
  }
}
