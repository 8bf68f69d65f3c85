import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Toolchain } from "../../workspace/toolchain.ts";

/** Where Pulumi's CLI is installed, as the Automation API wants to be told: the folder above its `bin`. @throws Error that says how to build it */
export function findPulumiRoot({ programs }: Pick<Toolchain, "programs">): string {
  const bin = programs.find((directory) => existsSync(resolve(directory, "pulumi")));
  if (bin === undefined)
    throw new Error(`Pulumi's CLI is in none of ${programs.join(", ")}: build it with ./mixcpt setup`);
  return dirname(bin);
}
