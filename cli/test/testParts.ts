import { resolve } from "node:path";
import { stateDirectory } from "../../workspace/environment.ts";
import { installMissingPackages } from "../setup/machineRequirements.ts";
import { runSetup } from "../setup/runSetup.ts";
import { createLoggedRunner } from "../setup/setupTask.ts";
import { runAlertTests } from "./alertTests.ts";
import { hideForeignPrograms } from "./freshMachine.ts";
import { runImageTests } from "./imageTests.ts";
import { runPythonTests } from "./pythonTests.ts";
import { noCounts, runJestProject, runPassFailCheck } from "./testRunners.ts";
import type { TestCounts } from "./testRunners.ts";
import { installBrowser, installPythonTools } from "./testTools.ts";
import { runWorkflowChecks } from "./workflowChecks.ts";

/** One part of the tests. It needs only what the parts before it made. */
export interface TestPart {
  readonly name: string;
  readonly description: string;
  readonly run: () => Promise<TestCounts>;
}

function runNpmScript(name: string): Promise<TestCounts> {
  return runPassFailCheck("npm", ["run", "--silent", name]);
}

const shellScripts = [
  "mixcpt",
  ".ci/*",
  "images/build",
  "images/stand-ins/build",
  "infra/local-hosts/*.sh",
  "infra/cluster/scripts/*.sh",
  "infra/cluster/files/*/usr/local/sbin/*",
];

async function runShellcheck(): Promise<TestCounts> {
  const shellcheck = resolve(await installPythonTools(), "shellcheck");
  return runPassFailCheck("bash", ["-c", `${shellcheck} ${shellScripts.join(" ")}`]);
}

async function runPageTests(): Promise<TestCounts> {
  await installBrowser();
  await hideForeignPrograms();
  return runJestProject("pages");
}

async function runSetupPart(): Promise<TestCounts> {
  await installMissingPackages(createLoggedRunner(resolve(stateDirectory, "tests/packages.log")));
  await hideForeignPrograms();
  await runSetup("all");
  return { ...noCounts, passed: 1 };
}

/** Quick parts first: a typing error is reported in seconds, not after the toolchain was built. */
export const testParts: readonly TestPart[] = [
  { name: "types", description: "tsc", run: () => runNpmScript("types") },
  { name: "lint", description: "eslint", run: () => runNpmScript("lint") },
  { name: "format", description: "prettier", run: () => runNpmScript("format:check") },
  { name: "imports", description: "import rules between rooms", run: () => runNpmScript("imports") },
  { name: "names", description: "names and prose against their aims", run: () => runNpmScript("names") },
  { name: "shell", description: "shellcheck", run: runShellcheck },
  { name: "workflows", description: "actionlint and zizmor on the GitHub workflows", run: runWorkflowChecks },
  { name: "alerts", description: "promtool on the alerts: when they fire and when not", run: runAlertTests },
  {
    name: "unit",
    description: "pure parts, configuration, rendered manifests, Pulumi mocks",
    run: () => runJestProject("unit"),
  },
  { name: "pages", description: "the report in a browser: WCAG, phone, paper", run: runPageTests },
  { name: "python", description: "the images' packages: ruff, mypy, pytest", run: runPythonTests },
  { name: "set-up", description: "toolchain and images", run: runSetupPart },
  { name: "image", description: "Python tests that need torch, in the images", run: runImageTests },
  {
    name: "engine",
    description: "the real Pulumi engine against a real API server",
    run: () => runJestProject("engine"),
  },
  { name: "cluster", description: "two cells on two real hosts", run: () => runJestProject("cluster") },
];
