import { chmodSync, existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { env } from "node:process";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { checkImages } from "../images/buildImages.ts";
import { imagePython, runInImage } from "../setup/runInImage.ts";
import { readWorkImageRefs } from "../setup/workImageRefs.ts";
import { listImageFolders, pythonTestResults, readPytestCounts } from "./pythonTests.ts";
import { addCounts, countFailure, noCounts } from "./testRunners.ts";
import type { TestCounts } from "./testRunners.ts";
import { installDeepspeedForImages, installPytestForImages } from "./testTools.ts";

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

export function countProblems(problems: readonly (string | undefined)[]): TestCounts {
  const failures = problems.filter((problem) => problem !== undefined);
  for (const failure of failures) console.error(failure);
  const failed = failures.map((failure) => countFailure("a check of an image", failure));
  return failed.reduce(addCounts, { ...noCounts, passed: problems.length - failures.length });
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

/** Runs trainings with DeepSpeed's ZeRO, and its parser on all recipes, on processors. */
export async function runDeepspeedTests(): Promise<TestCounts> {
  const options = { folder: "llama-factory", pytest: await installPytestForImages(), tests: "with_deepspeed" };
  const volumes = [
    `${await installDeepspeedForImages()}:/deepspeed:ro`,
    `${resolve(checkoutDirectory, "tests/rendered")}:/rendered:ro`,
  ];
  const env = { PYTHONPATH: "/pytest:/deepspeed", DS_ACCELERATOR: "cpu" };
  return runPytestInImage(readWorkImageRefs().llamaFactory, { ...options, volumes, env });
}

interface ImagePytest {
  readonly folder: string;
  readonly pytest: string;
  /** The folder of tests, below those of the image. */
  readonly tests?: string;
  readonly file?: string;
  readonly volumes?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A file of the folder that is left out. */
  readonly ignored?: string;
}

export async function runPytestInImage(
  image: string,
  { folder, pytest, tests = "in_image", file = "", volumes = [], env: variables = {}, ignored }: ImagePytest,
): Promise<TestCounts> {
  const results = pythonTestResults(`${tests}/${folder}`);
  chmodSync(dirname(results), 0o777); // the image's user is not the one who runs the tests
  const exitCode = await runInImage({
    image,
    volumes: [
      `${resolve(checkoutDirectory, "images")}:/images:ro`,
      `${pytest}:/pytest:ro`,
      `${dirname(results)}:/results`,
      ...volumes,
    ],
    env: { PYTHONPATH: "/pytest", PYTHONDONTWRITEBYTECODE: "1", HOME: "/tmp", ...selectChaosVariables(), ...variables },
    command: [
      ...[imagePython, "-m", "pytest", "--config-file", "/images/pyproject.toml", "-p", "no:cacheprovider"],
      ...(ignored === undefined ? [] : [`--ignore=/images/${folder}/tests/${tests}/${ignored}`]),
      ...[`--junitxml=/results/${folder}.xml`, `/images/${folder}/tests/${tests}/${file}`],
    ],
  });
  return readPytestCounts(results, exitCode === 0);
}
