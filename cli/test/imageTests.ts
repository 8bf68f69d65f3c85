import { chmodSync, existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { env } from "node:process";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { checkImages } from "../images/buildImages.ts";
import { imagePython, runInImage } from "../setup/runInImage.ts";
import { readWorkImageRefs } from "../setup/workImageRefs.ts";
import { listImageFolders, pythonTestResults, readPytestCounts } from "./pythonTests.ts";
import { addCounts, noCounts } from "./testRunners.ts";
import type { TestCounts } from "./testRunners.ts";
import { installPytestForImages } from "./testTools.ts";

type ImageName = keyof ReturnType<typeof readWorkImageRefs>;

const imageNames: Readonly<Record<string, ImageName>> = {
  data: "data",
  evaluate: "evaluate",
  "llama-factory": "llamaFactory",
  store: "store",
};

/** Runs in each image its checks and the tests that need what only the image has: torch and transformers. */
export async function runImageTests(): Promise<TestCounts> {
  const pytest = await installPytestForImages();
  let counts = countProblems(await checkImages("cpu"));
  for (const folder of listImageFolders()) {
    const name = imageNames[folder];
    const tests = `images/${folder}/tests/in_image`;
    if (name === undefined || !existsSync(resolve(checkoutDirectory, tests))) continue;
    console.log(`in the image ${readWorkImageRefs()[name]}`);
    counts = addCounts(counts, await runPytestInImage(readWorkImageRefs()[name], { folder, pytest }));
  }
  return counts;
}

function countProblems(problems: readonly (string | undefined)[]): TestCounts {
  const failures = problems.filter((problem) => problem !== undefined);
  for (const failure of failures) console.error(failure);
  return { ...noCounts, passed: problems.length - failures.length, failed: failures.length };
}

/** The variables of `./mixcpt test chaos` that are set. */
function selectChaosVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith("MIXCPT_CHAOS_") && value !== undefined ? [[name, value]] : [],
    ),
  );
}

/** Runs the trainings that are killed at random moments in the image that trains. */
export async function runKilledTrainings(): Promise<TestCounts> {
  const pytest = await installPytestForImages();
  const file = "test_killed_training_in_image.py";
  return runPytestInImage(readWorkImageRefs().llamaFactory, { folder: "llama-factory", pytest, file });
}

async function runPytestInImage(
  image: string,
  { folder, pytest, file = "" }: { folder: string; pytest: string; file?: string },
): Promise<TestCounts> {
  const results = pythonTestResults(`in-image/${folder}`);
  chmodSync(dirname(results), 0o777); // the image's user is not the one who runs the tests
  const exitCode = await runInImage({
    image,
    volumes: [
      `${resolve(checkoutDirectory, "images")}:/images:ro`,
      `${pytest}:/pytest:ro`,
      `${dirname(results)}:/results`,
    ],
    env: { PYTHONPATH: "/pytest", PYTHONDONTWRITEBYTECODE: "1", HOME: "/tmp", ...selectChaosVariables() },
    command: [
      ...[imagePython, "-m", "pytest", "--config-file", "/images/pyproject.toml", "-p", "no:cacheprovider"],
      ...[`--junitxml=/results/${folder}.xml`, `/images/${folder}/tests/in_image/${file}`],
    ],
  });
  return readPytestCounts(results, exitCode === 0);
}
