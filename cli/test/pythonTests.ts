import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { resolveCacheDirectory, checkoutDirectory } from "../../workspace/environment.ts";
import { hashCacheKey } from "../setup/setupTask.ts";
import type { TestCounts } from "./testRunners.ts";
import { runWithTerminal } from "./testRunners.ts";

const imagesFolder = resolve(checkoutDirectory, "images");

/** A Python environment with what the tests need, kept by the content of its requirements. */
async function preparePythonEnvironment(): Promise<string> {
  const requirements = resolve(imagesFolder, "requirements-test.txt");
  const directory = resolve(resolveCacheDirectory(), "python-tests", hashCacheKey(readFileSync(requirements, "utf8")));
  if (existsSync(resolve(directory, "complete"))) return directory;
  rmSync(directory, { recursive: true, force: true });
  await execa("python3", ["-m", "venv", directory], { stdio: "inherit" });
  await execa(resolve(directory, "bin/pip"), ["install", "--quiet", "--requirement", requirements], {
    stdio: "inherit",
  });
  await execa("touch", [resolve(directory, "complete")]);
  return directory;
}

/** pytest over every image that has tests. */
export async function runPythonTests(): Promise<TestCounts> {
  const environment = await preparePythonEnvironment();
  const folders = readdirSync(imagesFolder).filter((name) => existsSync(resolve(imagesFolder, name, "tests")));
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  for (const folder of folders) {
    const { passed, failed, skipped } = await runPytest(environment, folder);
    counts.passed += passed;
    counts.failed += failed;
    counts.skipped += skipped;
  }
  return counts;
}

async function runPytest(environment: string, folder: string): Promise<TestCounts> {
  const results = resolve(environment, `${folder}.xml`);
  rmSync(results, { force: true });
  const held = await runWithTerminal(
    resolve(environment, "bin/python"),
    ["-m", "pytest", "-q", "-p", "no:cacheprovider", `--junitxml=${results}`, resolve(imagesFolder, folder)],
    { PYTHONDONTWRITEBYTECODE: "1" },
  );
  if (!existsSync(results)) return { passed: 0, failed: 1, skipped: 0 };
  const [, errors = "0", failures = "0", skipped = "0", tests = "0"] =
    /errors="(\d+)" failures="(\d+)" skipped="(\d+)" tests="(\d+)"/.exec(readFileSync(results, "utf8")) ?? [];
  const failed = Number(errors) + Number(failures);
  if (Number(skipped) > 0)
    console.log(`  images/${folder}: ${skipped} skipped, for what only the image has (see importorskip in its tests)`);
  return {
    passed: Number(tests) - failed - Number(skipped),
    failed: Math.max(failed, Number(!held)),
    skipped: Number(skipped),
  };
}
