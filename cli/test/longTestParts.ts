import { env } from "node:process";
import { runKilledTrainings } from "./imageTests.ts";
import { runVllmTests } from "./pythonTests.ts";
import type { TestPart } from "./testParts.ts";
import type { TestCounts } from "./testRunners.ts";
import { addCounts, runJestProject } from "./testRunners.ts";
import { runVersionTests } from "./versionTests.ts";

/** @throws Error that names every variable of the part which is no whole number */
export function checkChaosVariables(variables: Readonly<Record<string, string | undefined>>): void {
  const wrong = ["MIXCPT_CHAOS_ROUNDS", "MIXCPT_CHAOS_SEED"].flatMap((name) => {
    const value = variables[name];
    return value === undefined || /^[1-9]\d*$/.test(value) ? [] : [`${name} = "${value}"`];
  });
  if (wrong.length > 0) throw new Error(`test: ${wrong.join(", ")}: must be a whole number of at least 1`);
}

async function runChaosTests(): Promise<TestCounts> {
  checkChaosVariables(env);
  return addCounts(await runJestProject("chaos"), await runKilledTrainings());
}

/** Parts that run only when they are named, because they take long. */
export const longTestParts: readonly TestPart[] = [
  {
    name: "chaos",
    description: "faults at random moments (MIXCPT_CHAOS_ROUNDS, MIXCPT_CHAOS_SEED)",
    run: runChaosTests,
  },
  {
    name: "racks",
    description: "control planes that go, what they lose, upgrades, Cilium: machines as in a rack, over an hour",
    run: () => runJestProject("racks"),
  },
  {
    name: "tenants",
    description: "two teams on two real hosts, and faults in their pods",
    run: () => runJestProject("tenants"),
  },
  {
    name: "versions",
    description: "the oldest Kubernetes, Kueue, JobSet and Trainer, and the next Kubernetes; builds them first",
    run: runVersionTests,
  },
  {
    name: "vllm",
    description: "evaluations with a real vLLM on processors; installs it first, 6 GB",
    run: runVllmTests,
  },
];
