import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { z } from "zod";
import { checkout } from "../../infra/environment.ts";
import type { ImageRefs } from "../../jobs/kube/outputs.ts";

export const imagesBuild = resolve(checkout, "images/build");
const refs = z.strictObject({ data: z.string(), llamaFactory: z.string(), evaluate: z.string() });

let known: ImageRefs | undefined;

/** References of the images as their sources stand now; each tag is a hash of the sources, which are read once. */
export function workImageRefs(): ImageRefs {
  known ??= refs.parse(JSON.parse(execFileSync(imagesBuild, ["--print-refs"], { encoding: "utf8" })));
  return known;
}
