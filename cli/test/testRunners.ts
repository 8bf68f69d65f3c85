import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { buildChildEnvironment, checkoutDirectory, stateDirectory } from "../../workspace/environment.ts";

export async function runWithTerminal(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<boolean> {
  const { exitCode } = await execa(program, args, {
    cwd: checkoutDirectory,
    env: buildChildEnvironment(env),
    extendEnv: false,
    stdio: "inherit",
    reject: false,
  });
  return exitCode === 0;
}

/** A check that holds or does not. */
export async function runPassFailCheck(program: string, args: readonly string[]): Promise<TestCounts> {
  const held = await runWithTerminal(program, args);
  return { passed: Number(held), failed: Number(!held), skipped: 0 };
}

interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

/** Jest's tests of one project of jest.config.cjs. A suite that could not run counts as a failure. */
export async function runJestProject(project: string): Promise<TestCounts> {
  const results = resolve(stateDirectory, "tests", `${project}.json`);
  mkdirSync(resolve(results, ".."), { recursive: true });
  rmSync(results, { force: true });
  const inBand = project === "unit" ? [] : ["--runInBand"];
  const jest = resolve(checkoutDirectory, "node_modules/jest/bin/jest.js");
  const held = await runWithTerminal(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    jest,
    "--selectProjects",
    project,
    "--json",
    `--outputFile=${results}`,
    ...inBand,
  ]);
  if (!existsSync(results)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(
    readFileSync(results, "utf8"),
  ) as JestResults;
  return {
    passed: numPassedTests,
    failed: Math.max(numFailedTests, numFailedTestSuites, Number(!held)),
    skipped: numPendingTests,
  };
}

/** How many checks of a part held, how many did not, and how many did not run because the machine lacks what they need. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
