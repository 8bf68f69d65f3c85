import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { checkout, childEnvironment, stateDirectory } from "../../infra/environment.ts";
import type { Counts } from "./counts.ts";

export async function show(program: string, args: readonly string[], env: Record<string, string> = {}): Promise<boolean> {
  const { exitCode } = await execa(program, args, { cwd: checkout, env: childEnvironment(env), extendEnv: false, stdio: "inherit", reject: false });
  return exitCode === 0;
}

/** A check that holds or does not. */
export async function plain(program: string, args: readonly string[]): Promise<Counts> {
  const held = await show(program, args);
  return { passed: Number(held), failed: Number(!held), skipped: 0 };
}

interface JestResults {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numFailedTestSuites: number;
}

/** Jest's tests of one project of jest.config.cjs. A suite that could not run counts as a failure. */
export async function jestProject(project: string): Promise<Counts> {
  const results = resolve(stateDirectory, "tests", `${project}.json`);
  mkdirSync(resolve(results, ".."), { recursive: true });
  rmSync(results, { force: true });
  const inBand = project === "unit" ? [] : ["--runInBand"];
  const jest = resolve(checkout, "node_modules/jest/bin/jest.js");
  const held = await show(process.execPath, ["--disable-warning=ExperimentalWarning", jest, "--selectProjects", project, "--json", `--outputFile=${results}`, ...inBand]);
  if (!existsSync(results)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(readFileSync(results, "utf8")) as JestResults;
  return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites, Number(!held)), skipped: numPendingTests };
}
