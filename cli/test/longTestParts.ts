import { runKilledTrainings } from "./imageTests.ts";
import type { TestPart } from "./testParts.ts";
import { addCounts, runJestProject } from "./testRunners.ts";

/** Parts that run only when they are named, because they take as long as their number of rounds. */
export const longTestParts: readonly TestPart[] = [
  {
    name: "chaos",
    description: "faults at random moments (MIXCPT_CHAOS_ROUNDS, MIXCPT_CHAOS_SEED)",
    run: async () => addCounts(await runJestProject("chaos"), await runKilledTrainings()),
  },
];
