import { execFileSync } from "node:child_process";
import { renameSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { cacheDirectory, checkout } from "../../infra/environment.ts";
import type { Software } from "../../infra/software.ts";
import type { Step } from "./step.ts";
import { keyOf } from "./step.ts";

const build = resolve(checkout, "images/build");
const refs = z.strictObject({ data: z.string(), llamaFactory: z.string(), evaluate: z.string() });

let known: Software["images"] | undefined;

/** References of the images as their sources stand now; each tag is a hash of the sources, which are read once. */
export function workImageRefs(): Software["images"] {
  known ??= refs.parse(JSON.parse(execFileSync(build, ["--print-refs"], { encoding: "utf8" })));
  return known;
}

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
      await run(build, ["--out", `${directory}.out`, "--cache", resolve(cacheDirectory(), "images/build")]);
      await run("rmdir", [directory]);
      renameSync(`${directory}.out`, directory);
    },
  };
}
