import { resolve } from "node:path";
import { checkoutDirectory, stateDirectory } from "../../workspace/environment.ts";
import { checkImages } from "../images/buildImages.ts";
import { readImageRefs, resolveImageCache } from "../setup/workImageRefs.ts";
import { countProblems, runPytestInImage } from "./imageTests.ts";
import type { TestCounts } from "./testRunners.ts";
import { addCounts, countFailure, runWithTerminal } from "./testRunners.ts";
import { installPytestForImages } from "./testTools.ts";

const standInsScript = resolve(checkoutDirectory, "images/stand-ins/build");

/** The copy of images/ whose bases are the stand-ins. */
const standInsCopy = resolve(stateDirectory, "tests/stand-ins");

/** Debian's torch, which the stand-ins have, lacks libuv; the image for processors sets the same. */
const torchOfStandIns = { USE_LIBUV: "0" };

/** Ten prompts through vLLM, of which the stand-in has the name only. */
const needsVllm = "test_check_prompts_in_image.py";

/**
 * Builds the images for AMD GPUs on stand-ins for the vendors' images, and runs in them their checks and the tests that
 * need torch.
 */
export async function runRocmTests(): Promise<TestCounts> {
  const isBuilt = await runWithTerminal(standInsScript, [resolveImageCache(), standInsCopy]);
  if (!isBuilt) return countFailure("images/stand-ins/build");
  const refs = readImageRefs("rocm", resolve(standInsCopy, "images/build"));
  const checks = countProblems(await checkImages("rocm", refs));
  const options = { pytest: await installPytestForImages(), env: torchOfStandIns };
  const trained = await runPytestInImage(refs.llamaFactory, { ...options, folder: "llama-factory" });
  const evaluated = await runPytestInImage(refs.evaluate, { ...options, folder: "evaluate", ignored: needsVllm });
  return addCounts(addCounts(checks, trained), evaluated);
}
