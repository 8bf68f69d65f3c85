import { renameSync } from "node:fs";
import type { SetupTask } from "./setupTask.ts";
import { hashCacheKey } from "./setupTask.ts";
import { imagesBuildScript, readWorkImageRefs, resolveImageCache } from "./workImageRefs.ts";

/** Subfolder of the output with the OCI layout. */
export const workLayoutSubfolder = "layout";

/** Defines the task that builds one OCI layout with the images of the work. */
export function defineWorkImagesTask(): SetupTask {
  const images = readWorkImageRefs();
  return {
    title: "images data, llama-factory, evaluate and store",
    output: `images/work-${hashCacheKey(...Object.values(images))}`,
    minutes: 11,
    build: async (directory, run) => {
      await run(imagesBuildScript, ["--out", `${directory}.out`, "--cache", resolveImageCache()]);
      await run("rmdir", [directory]);
      renameSync(`${directory}.out`, directory);
    },
  };
}
