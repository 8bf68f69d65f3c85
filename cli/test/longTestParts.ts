import { env } from "node:process";
import { checkNumericVariables } from "../numericVariables.ts";
import { runDeepspeedTests, runKilledTrainings } from "./imageTests.ts";
import { runVllmTests } from "./pythonTests.ts";
import { runRocmTests } from "./rocmTests.ts";
import type { TestPart } from "./testParts.ts";
import type { TestCounts } from "./testRunners.ts";
import { addCounts, runJestProject } from "./testRunners.ts";
import { runVersionTests } from "./versionTests.ts";

async function runChaosTests(): Promise<TestCounts> {
  checkNumericVariables("test", { MIXCPT_CHAOS_ROUNDS: "number", MIXCPT_CHAOS_SEED: "number" }, env);
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
    name: "deepspeed",
    description: "trainings with ZeRO 2, ZeRO 3 and hpZ on processors, killed and resumed",
    run: runDeepspeedTests,
  },
  {
    name: "rocm",
    description: "the images for AMD GPUs, built on stand-ins for the vendors' images, and the tests in them",
    run: runRocmTests,
  },
  {
    name: "vllm",
    description: "evaluations with a real vLLM on processors; installs it first, 6 GB",
    run: runVllmTests,
  },
];
