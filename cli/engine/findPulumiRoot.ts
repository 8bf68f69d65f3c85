import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Toolchain } from "../../workspace/toolchain.ts";

/**
 * The folder above the `bin` of Pulumi's CLI, as the Automation API expects it.
 * @throws Error that tells how to build the CLI if it is missing
 */
export function findPulumiRoot({ programs }: Pick<Toolchain, "programs">): string {
  const bin = programs.find((directory) => existsSync(resolve(directory, "pulumi")));
  if (bin === undefined)
    throw new Error(`Pulumi's CLI is not installed in ${programs.join(", ")}; build it with ./mixcpt setup`);
  return dirname(bin);
}
