import { renameSync } from "node:fs";
import { resolve } from "node:path";
import { cacheDirectory } from "../../infra/environment.ts";
import type { Step } from "./step.ts";
import { keyOf } from "./step.ts";
import { imagesBuild, workImageRefs } from "./workImageRefs.ts";

/** Below the output: the OCI layout itself. */
export const layoutFolder = "layout";

/** One OCI layout with the images of the work: data, llama-factory, evaluate. */
export function workImagesStep(): Step {
  const images = workImageRefs();
  return {
    title: "images data, llama-factory and evaluate",
    output: `images/work-${keyOf(...Object.values(images))}`,
    minutes: 8,
    make: async (directory, run) => {
      await run(imagesBuild, ["--out", `${directory}.out`, "--cache", resolve(cacheDirectory(), "images/build")]);
      await run("rmdir", [directory]);
      renameSync(`${directory}.out`, directory);
    },
  };
}
