import { Command } from "commander";
import { explainError } from "../explainError.ts";
import { formatDuration } from "../terminal/durationAndBar.ts";
import { hideForeignPrograms } from "../test/freshMachine.ts";
import { formatFailedTest } from "../test/failedTests.ts";
import { longTestParts } from "../test/longTestParts.ts";
import { testParts } from "../test/testParts.ts";
import type { TestPart } from "../test/testParts.ts";
import { addCounts, countFailure, noCounts } from "../test/testRunners.ts";
import type { TestCounts } from "../test/testRunners.ts";

interface PartResult extends TestCounts {
  readonly part: TestPart;
  readonly seconds: number;
}

async function runTestPart(part: TestPart): Promise<PartResult> {
  console.log(`\n── ${part.name}: ${part.description}`);
  const started = Date.now();
  const counts = await part.run().catch((error: unknown) => {
    console.error(explainError(error));
    return countFailure(part.name, explainError(error));
  });
  return { ...counts, part, seconds: (Date.now() - started) / 1000 };
}

function formatSkipped(count: number): string {
  return count === 0 ? "" : `, ${String(count)} skipped`;
}

function formatPartRow({ part, passed, failed, skipped, seconds }: PartResult): string {
  const counts = `${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed`;
  return `  ${part.name.padEnd(8)} ${counts} ${formatDuration(seconds).padStart(8)}${formatSkipped(skipped)}`;
}

/** Refuses parts that are written as options, with the command that was probably meant. */
function refuseOptions(names: readonly string[]): void {
  const options = names.filter((name) => name.startsWith("-"));
  if (options.length === 0) return;
  const meant = names.map((name) => name.replace(/^-+/, ""));
  throw new Error(`test: unknown option ${options.join(" ")}; parts have no dashes: ./mixcpt test ${meant.join(" ")}`);
}

/** @throws Error if a name is that of no part */
export function selectParts(names: readonly string[]): readonly TestPart[] {
  const known = [...testParts, ...longTestParts];
  refuseOptions(names);
  const unknown = names.filter((name) => !known.some((part) => part.name === name));
  if (unknown.length > 0)
    throw new Error(
      `test: unknown part ${unknown.join(", ")}; the parts are: ${known.map(({ name }) => name).join(", ")}`,
    );
  return names.length === 0 ? testParts : known.filter(({ name }) => names.includes(name));
}

function printSummary(results: readonly PartResult[], total: TestCounts): void {
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  console.log(`\ntime by part, ${formatDuration(seconds)} in total`);
  for (const result of results) console.log(formatPartRow(result));
  if (total.failures.length > 0) console.log(["\nfailed", ...total.failures.map(formatFailedTest)].join("\n"));
  if (total.skipped > 0)
    console.log("\na skipped test counts as a failure: install what it needs in cli/test/testTools.ts");
  console.log(`\n${String(total.passed)} passed, ${String(total.failed)} failed${formatSkipped(total.skipped)}`);
}

/** Runs the parts in order, with the programs of a new machine alone; the last line counts all checks. */
async function runTests(names: readonly string[]): Promise<void> {
  const parts = selectParts(names);
  await hideForeignPrograms();
  const results: PartResult[] = [];
  for (const part of parts) results.push(await runTestPart(part));
  const total = results.reduce(addCounts, noCounts);
  printSummary(results, total);
  process.exitCode = total.failed + total.skipped === 0 ? 0 : 1;
}

export function buildTestCommand(): Command {
  return new Command("test")
    .argument(
      "[parts...]",
      `any of: ${testParts.map(({ name }) => name).join(", ")}, which all run where none is named; and ` +
        `${longTestParts.map(({ name }) => name).join(", ")}, which run only where they are named`,
    )
    .allowUnknownOption() // selectParts tells what was meant
    .action(runTests);
}
