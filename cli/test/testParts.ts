import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { runSetup } from "../setup/runSetup.ts";
import type { TestCounts } from "./testRunners.ts";
import { runPythonTests } from "./pythonTests.ts";
import { runJestProject, runPassFailCheck } from "./testRunners.ts";

/** One part of the tests; each needs only what the parts before it made. */
export interface TestPart {
  readonly name: string;
  readonly description: string;
  readonly run: () => Promise<TestCounts>;
}

function resolveNodeBin(name: string): string {
  return resolve(checkoutDirectory, "node_modules/.bin", name);
}

const sourceFolders = ["cli", "infra", "jobs", "plugins", "reporting", "stacks", "tools", "validation", "workspace"];
const shellScripts = ["mixcpt", ".ci/run", "images/build", "infra/local-hosts/*.sh", "infra/cluster/scripts/*.sh"];

async function runSetupPart(): Promise<TestCounts> {
  await runSetup("all");
  return { passed: 1, failed: 0, skipped: 0 };
}

/** Quick parts first: a typing error is told in seconds, not after the toolchain was built. */
export const testParts: readonly TestPart[] = [
  { name: "types", description: "tsc", run: () => runPassFailCheck(resolveNodeBin("tsc"), ["--noEmit"]) },
  { name: "lint", description: "eslint", run: () => runPassFailCheck(resolveNodeBin("eslint"), ["."]) },
  {
    name: "imports",
    description: "who may import whom",
    run: () => runPassFailCheck(resolveNodeBin("depcruise"), ["--config", ".dependency-cruiser.cjs", ...sourceFolders]),
  },
  {
    name: "shell",
    description: "shellcheck",
    run: () => runPassFailCheck("bash", ["-c", `shellcheck ${shellScripts.join(" ")}`]),
  },
  {
    name: "unit",
    description: "pure parts, configuration, rendered manifests, Pulumi mocks",
    run: () => runJestProject("unit"),
  },
  {
    name: "pages",
    description: "the report in a browser: WCAG, phone, paper; skipped where there is none",
    run: () => runJestProject("pages"),
  },
  { name: "python", description: "the images' packages", run: runPythonTests },
  { name: "set-up", description: "toolchain and images", run: runSetupPart },
  {
    name: "engine",
    description: "the real Pulumi engine against a real API server",
    run: () => runJestProject("engine"),
  },
  { name: "cluster", description: "two cells on two real hosts", run: () => runJestProject("cluster") },
];
