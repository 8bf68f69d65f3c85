import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { z } from "zod";
import { checkoutDirectory, resolveCacheDirectory } from "../../workspace/environment.ts";
import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";

export const imagesBuildScript = resolve(checkoutDirectory, "images/build");
const imageRefsSchema = z.strictObject({
  data: z.string(),
  llamaFactory: z.string(),
  evaluate: z.string(),
  store: z.string(),
});

/** What the images run on: Debian's CPU torch, or (training and evaluation) the vendors' images for AMD GPUs. */
export const imageTargets = ["cpu", "rocm"] as const;
export type ImageTarget = (typeof imageTargets)[number];

/** The folder in which images/build keeps its layers. */
export function resolveImageCache(): string {
  return resolve(resolveCacheDirectory(), "images/build");
}

/** Reads the references of the images for the sources beside a script; each tag is a hash of the sources. */
export function readImageRefs(target: ImageTarget, script = imagesBuildScript): ImageRefs {
  const text = execFileSync(script, ["--print-refs", "--target", target], { encoding: "utf8" });
  return imageRefsSchema.parse(JSON.parse(text));
}

let cachedRefs: ImageRefs | undefined;

/**
 * Reads the references of the images that setup builds, once.
 * Separate from workImages.ts, which imports execa: Jest cannot load that ES module without a mock.
 */
export function readWorkImageRefs(): ImageRefs {
  cachedRefs ??= readImageRefs("cpu");
  return cachedRefs;
}
