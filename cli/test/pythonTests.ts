import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { cacheDirectory, checkout } from "../../infra/environment.ts";
import { keyOf } from "../setup/step.ts";
import type { Counts } from "./counts.ts";
import { show } from "./runners.ts";

const images = resolve(checkout, "images");

/** A Python environment with what the tests need, kept by the content of its requirements. */
async function testEnvironment(): Promise<string> {
  const requirements = resolve(images, "requirements-test.txt");
  const directory = resolve(cacheDirectory(), "python-tests", keyOf(readFileSync(requirements, "utf8")));
  if (existsSync(resolve(directory, "complete"))) return directory;
  rmSync(directory, { recursive: true, force: true });
  await execa("python3", ["-m", "venv", directory], { stdio: "inherit" });
  await execa(resolve(directory, "bin/pip"), ["install", "--quiet", "--requirement", requirements], { stdio: "inherit" });
  await execa("touch", [resolve(directory, "complete")]);
  return directory;
}

/** pytest over every image that has tests. */
export async function pythonTests(): Promise<Counts> {
  const environment = await testEnvironment();
  const folders = readdirSync(images).filter((name) => existsSync(resolve(images, name, "tests")));
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const folder of folders) {
    const { passed, failed, skipped } = await pytest(environment, folder);
    counts.passed += passed;
    counts.failed += failed;
    counts.skipped += skipped;
  }
  return counts;
}

async function pytest(environment: string, folder: string): Promise<Counts> {
  const results = resolve(environment, `${folder}.xml`);
  rmSync(results, { force: true });
  const held = await show(resolve(environment, "bin/python"), ["-m", "pytest", "-q", "-p", "no:cacheprovider", `--junitxml=${results}`, resolve(images, folder)], {
    PYTHONDONTWRITEBYTECODE: "1",
  });
  if (!existsSync(results)) return { passed: 0, failed: 1, skipped: 0 };
  const [, errors = "0", failures = "0", skipped = "0", tests = "0"] =
    /errors="(\d+)" failures="(\d+)" skipped="(\d+)" tests="(\d+)"/.exec(readFileSync(results, "utf8")) ?? [];
  const failed = Number(errors) + Number(failures);
  if (Number(skipped) > 0) console.log(`  images/${folder}: ${skipped} skipped, for what only the image has (see importorskip in its tests)`);
  return { passed: Number(tests) - failed - Number(skipped), failed: Math.max(failed, Number(!held)), skipped: Number(skipped) };
}
