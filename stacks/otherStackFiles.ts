import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import type { StackFile } from "../jobs/config/index.ts";
import { checkoutDirectory } from "../workspace/environment.ts";

interface StackYaml {
  readonly config?: StackFile["values"] | null;
}

function readValues(file: string): StackFile["values"] {
  try {
    return (parse(readFileSync(resolve(checkoutDirectory, file), "utf8")) as StackYaml | null)?.config ?? {};
  } catch (error) {
    throw new Error(`${file} is not YAML:\n${(error as Error).message}`, { cause: error });
  }
}

/**
 * Reads the other stack files of this checkout.
 * @throws Error that names the first file that is not YAML
 */
export function listOtherStackFiles(stack: string): StackFile[] {
  return readdirSync(checkoutDirectory).flatMap((file) => {
    const name = /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
    if (name === undefined || name === stack) return [];
    return [{ stack: name, file, values: readValues(file), listOthers: () => listOtherStackFiles(name) }];
  });
}
