import { Command } from "commander";
import { clock } from "../terminal/clock.ts";
import type { Counts } from "../test/counts.ts";
import type { Part } from "../test/parts.ts";
import { parts } from "../test/parts.ts";
import { explain } from "../errors.ts";

interface Result extends Counts {
  part: Part;
  seconds: number;
}

async function run(part: Part): Promise<Result> {
  console.log(`\n── ${part.name}: ${part.says}`);
  const started = Date.now();
  const counts = await part.run().catch((error: unknown) => {
    console.error(explain(error));
    return { passed: 0, failed: 1, skipped: 0 };
  });
  return { ...counts, part, seconds: (Date.now() - started) / 1000 };
}

const skippedText = (count: number): string => (count === 0 ? "" : `, ${String(count)} skipped: the machine lacks what they need`);

const row = ({ part, passed, failed, skipped, seconds }: Result): string =>
  `  ${part.name.padEnd(8)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${clock(seconds).padStart(8)}${skippedText(skipped)}`;

/** Runs the parts in order; the last line counts all checks. */
async function test(only: readonly string[]): Promise<void> {
  const unknown = only.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(", ")}; parts: ${parts.map(({ name }) => name).join(", ")}`);
  const results: Result[] = [];
  for (const part of parts) if (only.length === 0 || only.includes(part.name)) results.push(await run(part));
  const sum = (pick: (result: Result) => number): number => results.reduce((total, result) => total + pick(result), 0);
  console.log(`\nwhere the time went (${clock(sum(({ seconds }) => seconds))} in all)`);
  for (const result of results) console.log(row(result));
  console.log(`\n${String(sum(({ passed }) => passed))} passed, ${String(sum(({ failed }) => failed))} failed${skippedText(sum(({ skipped }) => skipped))}`);
  process.exitCode = sum(({ failed }) => failed) === 0 ? 0 : 1;
}

export const testCommand = (): Command =>
  new Command("test")
    .argument("[parts...]", `of: ${parts.map(({ name }) => name).join(", ")}`)
    .action(test);
