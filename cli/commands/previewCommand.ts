import { Command, Option } from "commander";
import { readCommitSnapshot } from "../preview/readCommitSnapshot.ts";
import { renderPullRequestComment } from "../preview/pullRequestComment.ts";
import { compareSnapshots, hasRuns } from "../preview/compareSnapshots.ts";
import { diffManifests } from "../preview/diffManifests.ts";
import { buildPreviewSnapshot } from "../preview/previewSnapshot.ts";
import { refuseUnknownStack } from "../engine/stackDeclarations.ts";
import { buildStacksArgument } from "./stackArgument.ts";

/** Something would run: for a script that asks. Errors are 1, as everywhere. */
const hasRunsExitCode = 2;

function compareCommits(stacks: readonly string[], base: string): void {
  for (const stack of stacks) refuseUnknownStack("mixcpt", stack);
  const [before, after] = [readCommitSnapshot(base, stacks), buildPreviewSnapshot(stacks)];
  const comparison = compareSnapshots(before, after);
  console.log(renderPullRequestComment(comparison, { base, diff: diffManifests(before, after) }));
  process.exitCode = hasRuns(comparison) ? hasRunsExitCode : 0;
}

async function runEnginePreview(stacks: readonly string[], diff: boolean): Promise<void> {
  const { showStackPreview: previewStack } = await import("./stackCommands.ts");
  for (const stack of stacks) await previewStack(stack, diff);
}

interface PreviewCommandOptions {
  readonly diff?: boolean;
  readonly markdown?: boolean;
  readonly base: string;
  readonly snapshot?: boolean;
}

async function runPreview(
  stacks: readonly string[],
  { diff = false, markdown, base, snapshot }: PreviewCommandOptions,
): Promise<void> {
  if (snapshot === true) console.log(JSON.stringify(buildPreviewSnapshot(stacks)));
  else if (markdown === true) compareCommits(stacks, base);
  else await runEnginePreview(stacks, diff);
}

export function buildPreviewCommand(): Command {
  return new Command("preview")
    .addArgument(buildStacksArgument())
    .option("--diff", "show the changed properties")
    .option(
      "--markdown",
      "compare with another commit, without a cluster: a comment for a pull request; exit code 2 where something would run",
    )
    .option("--base <ref>", "the commit to compare with", "origin/main")
    .addOption(new Option("--snapshot", "what this commit would run, as JSON, for another commit's preview").hideHelp())
    .action(runPreview);
}
