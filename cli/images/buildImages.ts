import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { getuid } from "node:process";
import { checkoutDirectory, resolveCacheDirectory } from "../../workspace/environment.ts";
import { installMissingPackages } from "../setup/machineRequirements.ts";
import { runAsInPod } from "../setup/runInImage.ts";
import { createLoggedRunner } from "../setup/setupTask.ts";
import { imagesBuildScript, readImageRefs, resolveImageCache } from "../setup/workImageRefs.ts";
import type { ImageTarget } from "../setup/workImageRefs.ts";
import { printLine } from "../terminal/printLine.ts";
import { runWithExitCode } from "../terminal/runWithExitCode.ts";
import { listImageChecks } from "./imageChecks.ts";

// Otherwise LLaMA-Factory and transformers print four lines about every recipe.
const quiet = { LLAMAFACTORY_VERBOSITY: "ERROR", TRANSFORMERS_VERBOSITY: "error" };

function readRendered(name: string): string {
  return readFileSync(resolve(checkoutDirectory, "tests/rendered", name), "utf8");
}

/** Runs every check in the images of a target, and returns the problem of each one or undefined. */
export async function checkImages(target: ImageTarget, refs = readImageRefs(target)): Promise<(string | undefined)[]> {
  const recipes = { study: readRendered("recipes.yaml"), executions: readRendered("execution-recipes.yaml") };
  const problems: (string | undefined)[] = [];
  for (const { image, title, command, spec } of listImageChecks(target, recipes)) {
    printLine(`image ${refs[image]}: ${title}`);
    const env = spec === undefined ? quiet : { ...quiet, MIXCPT_SPEC: spec };
    const exitCode = await runAsInPod({ image: refs[image], env, command });
    const problem = `image ${refs[image]}: ${title}: exit code ${String(exitCode)}; see above`;
    problems.push(exitCode === 0 ? undefined : problem);
  }
  return problems;
}

/**
 * Builds the images of a target where their sources have changed, and checks them.
 * @throws Error that names all checks that fail
 */
export async function buildImages(target: ImageTarget): Promise<void> {
  // Without root, images/build says that it is needed.
  if (getuid?.() === 0)
    await installMissingPackages(createLoggedRunner(resolve(resolveCacheDirectory(), "packages.log")));
  const exitCode = await runWithExitCode(imagesBuildScript, ["--target", target, "--cache", resolveImageCache()]);
  if (exitCode !== 0) throw new Error(`images/build exited with code ${String(exitCode)}; see above`);
  const problems = (await checkImages(target)).filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
