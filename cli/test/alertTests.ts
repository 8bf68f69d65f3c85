import type { TestCounts } from "./testRunners.ts";
import { addCounts, runPassFailCheck } from "./testRunners.ts";
import { installPromtool } from "./testTools.ts";

const folder = "infra/monitoring";

/** Checks the alerts with Prometheus's own program: their syntax, and when each of them fires and does not. */
export async function runAlertTests(): Promise<TestCounts> {
  const promtool = await installPromtool();
  return addCounts(
    await runPassFailCheck(promtool, ["check", "rules", "--lint=all", "--lint-fatal", `${folder}/alerts.yaml`]),
    await runPassFailCheck(promtool, ["test", "rules", `${folder}/alerts.test.yaml`]),
  );
}
