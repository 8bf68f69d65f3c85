import { Command } from "commander";
import { formatDuration } from "../terminal/durationAndBar.ts";
import type { TestCounts } from "../test/testRunners.ts";
import type { TestPart } from "../test/testParts.ts";
import { testParts } from "../test/testParts.ts";
import { explainError } from "../explainError.ts";

interface PartResult extends TestCounts {
  readonly part: TestPart;
  readonly seconds: number;
}

async function runTestPart(part: TestPart): Promise<PartResult> {
  console.log(`\n── ${part.name}: ${part.description}`);
  const started = Date.now();
  const counts = await part.run().catch((error: unknown) => {
    console.error(explainError(error));
    return { passed: 0, failed: 1, skipped: 0 };
  });
  return { ...counts, part, seconds: (Date.now() - started) / 1000 };
}

function formatSkipped(count: number): string {
  return count === 0 ? "" : `, ${String(count)} skipped: the machine lacks what they need`;
}

function formatPartRow({ part, passed, failed, skipped, seconds }: PartResult): string {
  return `  ${part.name.padEnd(8)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${formatDuration(seconds).padStart(8)}${formatSkipped(skipped)}`;
}

/** Runs the parts in order; the last line counts all checks. */
async function runTests(only: readonly string[]): Promise<void> {
  const unknown = only.filter((name) => !testParts.some((part) => part.name === name));
  if (unknown.length > 0)
    throw new Error(`there is no part ${unknown.join(", ")}; parts: ${testParts.map(({ name }) => name).join(", ")}`);
  const results: PartResult[] = [];
  for (const part of testParts)
    if (only.length === 0 || only.includes(part.name)) results.push(await runTestPart(part));
  const sumResults = (pick: (result: PartResult) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  console.log(`\nwhere the time went (${formatDuration(sumResults(({ seconds }) => seconds))} in all)`);
  for (const result of results) console.log(formatPartRow(result));
  console.log(
    `\n${String(sumResults(({ passed }) => passed))} passed, ${String(sumResults(({ failed }) => failed))} failed${formatSkipped(sumResults(({ skipped }) => skipped))}`,
  );
  process.exitCode = sumResults(({ failed }) => failed) === 0 ? 0 : 1;
}

export function buildTestCommand(): Command {
  return new Command("test")
    .argument("[parts...]", `of: ${testParts.map(({ name }) => name).join(", ")}`)
    .action(runTests);
}
