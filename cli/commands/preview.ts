import { Command, Option } from "commander";
import { snapshotAt } from "../preview/baseCheckout.ts";
import { comment } from "../preview/comment.ts";
import { compare, runsSomething } from "../preview/compare.ts";
import { manifestDiff } from "../preview/manifestDiff.ts";
import { snapshotOf } from "../preview/snapshot.ts";
import { refuseUnknownStack } from "../engine/declared.ts";
import { stackArguments } from "./stackArgument.ts";

/** Something would run: for a script that asks. Errors are 1, as everywhere. */
const runsExitCode = 2;

function compareCommits(stacks: readonly string[], base: string): void {
  for (const stack of stacks) refuseUnknownStack("mixcpt", stack);
  const [before, after] = [snapshotAt(base, stacks), snapshotOf(stacks)];
  const comparison = compare(before, after);
  console.log(comment(comparison, { base, diff: manifestDiff(before, after) }));
  process.exitCode = runsSomething(comparison) ? runsExitCode : 0;
}

async function askEngine(stacks: readonly string[], diff: boolean): Promise<void> {
  const { previewStack } = await import("./experiments.ts");
  for (const stack of stacks) await previewStack(stack, diff);
}

interface Options {
  diff?: boolean;
  markdown?: boolean;
  base: string;
  snapshot?: boolean;
}

async function preview(stacks: readonly string[], { diff = false, markdown, base, snapshot }: Options): Promise<void> {
  if (snapshot === true) console.log(JSON.stringify(snapshotOf(stacks)));
  else if (markdown === true) compareCommits(stacks, base);
  else await askEngine(stacks, diff);
}

export const previewCommand = (): Command =>
  new Command("preview")
    .addArgument(stackArguments())
    .option("--diff", "show the changed properties")
    .option("--markdown", "compare with another commit, without a cluster: a comment for a pull request; exit code 2 where something would run")
    .option("--base <ref>", "the commit to compare with", "origin/main")
    .addOption(new Option("--snapshot", "what this commit would run, as JSON, for another commit's preview").hideHelp())
    .action(preview);
