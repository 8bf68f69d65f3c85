import { resolve } from "node:path";
import type { TestCounts } from "./testRunners.ts";
import { addCounts, runPassFailCheck } from "./testRunners.ts";
import { installActionlint, installPythonTools } from "./testTools.ts";

/** Checks the GitHub workflows: actionlint their syntax and scripts, zizmor their security. */
export async function runWorkflowChecks(): Promise<TestCounts> {
  const tools = await installPythonTools();
  return addCounts(
    await runPassFailCheck(await installActionlint(), ["-shellcheck", resolve(tools, "shellcheck")]),
    await runPassFailCheck(resolve(tools, "zizmor"), ["--offline", "--quiet", ".github"]),
  );
}
