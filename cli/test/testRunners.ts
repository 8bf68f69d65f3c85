import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, resolve } from "node:path";
import { checkoutDirectory, stateDirectory } from "../../workspace/environment.ts";
import { runWithExitCode } from "../terminal/runWithExitCode.ts";
import type { FailedTest, JestFileResult } from "./failedTests.ts";
import { listJestFailures, nameFailures } from "./failedTests.ts";

/** Runs a program on this terminal, in the checkout. Returns true where its exit code is 0. */
export async function runWithTerminal(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<boolean> {
  return (await runWithExitCode(program, args, { cwd: checkoutDirectory, env })) === 0;
}

/** Counts a program's exit code as one check. */
export async function runPassFailCheck(program: string, args: readonly string[]): Promise<TestCounts> {
  const hasPassed = await runWithTerminal(program, args);
  const name = [basename(program), ...args].join(" ");
  return hasPassed ? { ...noCounts, passed: 1 } : countFailure(name);
}

interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly JestFileResult[];
}

/**
 * Test files that run at a time: as many as the cores allow without other processes, two with an API server and an
 * engine each, otherwise one.
 */
const workerFlags: Readonly<Record<string, readonly string[]>> = { unit: [], engine: ["--maxWorkers=2"] };

/** Runs one project of jest.config.cjs with additional variables. A suite that could not run counts as a failure. */
export async function runJestProject(project: string, variables: Record<string, string> = {}): Promise<TestCounts> {
  const results = resolve(stateDirectory, "tests", `${project}.json`);
  mkdirSync(resolve(results, ".."), { recursive: true });
  rmSync(results, { force: true });
  const workers = workerFlags[project] ?? ["--runInBand"];
  // A test that timed out may have left a request open, for which Jest would wait without an end.
  const forceExit = ["unit", "pages"].includes(project) ? [] : ["--forceExit"];
  const jest = resolve(checkoutDirectory, "node_modules/jest/bin/jest.js");
  const flags = ["--selectProjects", project, "--json", `--outputFile=${results}`, ...workers, ...forceExit];
  const args = ["--disable-warning=ExperimentalWarning", jest, ...flags];
  const hasPassed = await runWithTerminal(process.execPath, args, variables);
  if (!existsSync(results)) return countFailure(`jest ${project}`, "Jest ended without results");
  return readJestCounts(project, JSON.parse(readFileSync(results, "utf8")) as JestResults, hasPassed);
}

function readJestCounts(project: string, results: JestResults, hasPassed: boolean): TestCounts {
  return {
    passed: results.numPassedTests,
    failed: Math.max(results.numFailedTests, results.numFailedTestSuites, Number(!hasPassed)),
    skipped: results.numPendingTests,
    failures: nameFailures(listJestFailures(results.testResults, checkoutDirectory), `jest ${project}`, hasPassed),
  };
}

/** Numbers of the checks of a part. A skipped one counts as a failure: what a test needs, the project installs. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Those that are known by name. */
  readonly failures: readonly FailedTest[];
}

export const noCounts: TestCounts = { passed: 0, failed: 0, skipped: 0, failures: [] };

/** Counts what failed as a whole. */
export function countFailure(name: string, message = ""): TestCounts {
  return { ...noCounts, failed: 1, failures: [{ name, message }] };
}

export function addCounts(a: TestCounts, b: TestCounts): TestCounts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
  };
}
