import { Command, Option } from "commander";
import { readCommitSnapshot } from "../preview/readCommitSnapshot.ts";
import { renderPullRequestComment } from "../preview/pullRequestComment.ts";
import { compareSnapshots, hasRuns } from "../preview/compareSnapshots.ts";
import { diffManifests } from "../preview/diffManifests.ts";
import { buildPreviewSnapshot } from "../preview/previewSnapshot.ts";
import { refuseUnknownStack } from "../engine/stackDeclarations.ts";
import { printLine } from "../terminal/printLine.ts";
import { buildStacksArgument } from "./stackArgument.ts";

/** Tells scripts that something would run; 1 means an error, as for every command. */
const hasRunsExitCode = 2;

function compareCommits(stacks: readonly string[], base: string): void {
  const [before, after] = [readCommitSnapshot(base, stacks), buildPreviewSnapshot(stacks)];
  const comparison = compareSnapshots(before, after);
  printLine(renderPullRequestComment(comparison, { base, diff: diffManifests(before, after) }));
  process.exitCode = hasRuns(comparison) ? hasRunsExitCode : 0;
}

async function runEnginePreview(stacks: readonly string[], { diff, json }: EnginePreviewFlags): Promise<void> {
  const { previewStacks, showStackPreview } = await import("./stackActions.ts");
  if (json) {
    const document = await previewStacks(stacks);
    printLine(JSON.stringify(document, undefined, 2));
    process.exitCode = document.stacks.some(({ outcome }) => outcome === "refused") ? 1 : 0;
    return;
  }
  for (const stack of stacks) await showStackPreview(stack, diff);
}

interface EnginePreviewFlags {
  readonly diff: boolean;
  readonly json: boolean;
}

interface PreviewCommandOptions {
  readonly json?: boolean;
  readonly diff?: boolean;
  readonly markdown?: boolean;
  readonly base: string;
  readonly snapshot?: boolean;
}

async function runPreview(
  stacks: readonly string[],
  { diff = false, json = false, markdown, base, snapshot }: PreviewCommandOptions,
): Promise<void> {
  // a snapshot leaves out the stacks that its commit does not declare
  if (snapshot === true) return printLine(JSON.stringify(buildPreviewSnapshot(stacks)));
  for (const stack of stacks) refuseUnknownStack("mixcpt", stack);
  if (markdown === true) compareCommits(stacks, base);
  else await runEnginePreview(stacks, { diff, json });
}

const markdownHelp =
  "compare with another commit instead of a cluster, and print a pull-request comment; " +
  "exit code 2 if anything would run";

export function buildPreviewCommand(): Command {
  return new Command("preview")
    .addArgument(buildStacksArgument())
    .option("--diff", "show the changed properties")
    .addOption(
      new Option("--json", "print JSON for programs (docs/preview.schema.json)").conflicts(["diff", "markdown"]),
    )
    .option("--markdown", markdownHelp)
    .option("--base <ref>", "commit to compare with", "origin/main")
    .addOption(new Option("--snapshot", "print what this commit would run, as JSON for other commits").hideHelp())
    .action(runPreview);
}
