import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { checkoutDirectory, listPathDirectories, stateDirectory } from "../../workspace/environment.ts";
import { listPytestFailures, nameFailures } from "./failedTests.ts";
import { addCounts, countFailure, runPassFailCheck, runWithTerminal } from "./testRunners.ts";
import type { TestCounts } from "./testRunners.ts";
import { compilerPackage, installPythonTools, installVllm } from "./testTools.ts";

const imagesFolder = resolve(checkoutDirectory, "images");
const configFile = resolve(imagesFolder, "pyproject.toml");

/** Folders of images/ that have tests. */
export function listImageFolders(): string[] {
  return readdirSync(imagesFolder).filter((name) => existsSync(resolve(imagesFolder, name, "tests")));
}

/** The file in which pytest leaves its counts, emptied; its folder exists. */
export function pythonTestResults(name: string): string {
  const results = resolve(stateDirectory, "tests", `${name}.xml`);
  mkdirSync(dirname(results), { recursive: true });
  rmSync(results, { force: true });
  return results;
}

/** Runs ruff, mypy and pytest over every image's package; what needs torch runs in the image (see imageTests.ts). */
export async function runPythonTests(): Promise<TestCounts> {
  const tools = await installPythonTools();
  let counts = addCounts(
    await runPassFailCheck(resolve(tools, "ruff"), ["check", imagesFolder]),
    await runPassFailCheck(resolve(tools, "ruff"), ["format", "--check", imagesFolder]),
  );
  counts = addCounts(
    counts,
    await runPassFailCheck(resolve(tools, "mypy"), ["--config-file", configFile, ...listPackages()]),
  );
  for (const folder of listImageFolders()) counts = addCounts(counts, await runFolderTests(tools, folder));
  return counts;
}

/** Directories of the Python packages: `images/data/mixcpt_data`. */
function listPackages(): string[] {
  return listImageFolders().flatMap((folder) =>
    readdirSync(resolve(imagesFolder, folder))
      .filter((name) => name.startsWith("mixcpt_"))
      .map((name) => resolve(imagesFolder, folder, name)),
  );
}

/** Folders of tests that need an image, or packages of several gigabytes. */
const otherPartsFolders = ["in_image", "with_deepspeed", "with_vllm"];

function runFolderTests(tools: string, folder: string): Promise<TestCounts> {
  const tests = resolve(imagesFolder, folder);
  const ignored = otherPartsFolders.map((name) => `--ignore=${tests}/tests/${name}`);
  // The profile `ci` has the same examples in every run, no limit of time, and stores nothing.
  const args = ["--hypothesis-profile=ci", ...ignored, tests];
  return runPytest(resolve(tools, "python"), { name: folder, args });
}

/** Runs `images/evaluate` against a real vLLM on processors, which it installs first. */
export async function runVllmTests(): Promise<TestCounts> {
  const tests = resolve(imagesFolder, "evaluate/tests/with_vllm");
  // The search path of the tests has no compiler.
  const searchPath = [...listPathDirectories(), dirname(compilerPackage.program)].join(":");
  const args = ["-vv", "--durations=0", tests];
  return runPytest(await installVllm(), { name: "with-vllm", args, env: { PATH: searchPath } });
}

interface PytestRun {
  /** Names the file of results. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
}

async function runPytest(python: string, { name, args, env = {} }: PytestRun): Promise<TestCounts> {
  const results = pythonTestResults(name);
  const options = ["-p", "no:cacheprovider", `--junitxml=${results}`];
  const hasPassed = await runWithTerminal(python, ["-m", "pytest", "--config-file", configFile, ...options, ...args], {
    PYTHONDONTWRITEBYTECODE: "1",
    ...env,
  });
  return readPytestCounts(results, hasPassed);
}

/** Counts of a JUnit file that pytest wrote; one failure where it wrote none. */
export function readPytestCounts(results: string, hasPassed: boolean): TestCounts {
  if (!existsSync(results)) return countFailure(results, "pytest ended without results");
  const junit = readFileSync(results, "utf8");
  const [, errors = "0", failures = "0", skipped = "0", tests = "0"] =
    /errors="(\d+)" failures="(\d+)" skipped="(\d+)" tests="(\d+)"/.exec(junit) ?? [];
  const failed = Number(errors) + Number(failures);
  return {
    passed: Number(tests) - failed - Number(skipped),
    failed: Math.max(failed, Number(!hasPassed)),
    skipped: Number(skipped),
    failures: nameFailures(listPytestFailures(junit), results, hasPassed),
  };
}
