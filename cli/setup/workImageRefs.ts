import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { z } from "zod";
import { checkoutDirectory } from "../../workspace/environment.ts";
import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";

export const imagesBuildScript = resolve(checkoutDirectory, "images/build");
const imageRefsSchema = z.strictObject({ data: z.string(), llamaFactory: z.string(), evaluate: z.string() });

let cachedRefs: ImageRefs | undefined;

/**
 * Reads the references of the images for the current sources; each tag is a hash of the sources, which are read once.
 * Separate from workImages.ts, which imports execa: Jest cannot load that ES module without a mock.
 */
export function readWorkImageRefs(): ImageRefs {
  cachedRefs ??= imageRefsSchema.parse(
    JSON.parse(execFileSync(imagesBuildScript, ["--print-refs"], { encoding: "utf8" })),
  );
  return cachedRefs;
}
