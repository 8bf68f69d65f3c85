import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { z } from "zod";
import { checkoutDirectory } from "../../workspace/environment.ts";
import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";

export const imagesBuildScript = resolve(checkoutDirectory, "images/build");
const imageRefsSchema = z.strictObject({ data: z.string(), llamaFactory: z.string(), evaluate: z.string() });

let cachedRefs: ImageRefs | undefined;

/** References of the images as their sources stand now; each tag is a hash of the sources, which are read once. */
export function readWorkImageRefs(): ImageRefs {
  cachedRefs ??= imageRefsSchema.parse(
    JSON.parse(execFileSync(imagesBuildScript, ["--print-refs"], { encoding: "utf8" })),
  );
  return cachedRefs;
}
