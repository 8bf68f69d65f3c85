import { Command, InvalidArgumentError, Option } from "commander";
import { listDeployedStacks } from "../deploy/deployedStacks.ts";
import { refuseUnknownStack } from "../engine/stackDeclarations.ts";
import { compareCommits } from "../preview/compareCommits.ts";
import { buildComparisonDocument } from "../preview/comparisonDocument.ts";
import { hasEffects } from "../preview/compareSnapshots.ts";
import { buildPreviewSnapshot } from "../preview/previewSnapshot.ts";
import { renderPullRequestComment } from "../preview/pullRequestComment.ts";
import { printLine } from "../terminal/printLine.ts";
import { buildStacksArgument } from "./stackArgument.ts";

/** Tells scripts that a deployment would change something; 1 means an error, as for every command. */
const hasEffectsExitCode = 2;

interface PreviewCommandOptions {
  readonly diff?: boolean;
  readonly markdown?: boolean;
  readonly json?: boolean;
  /** Without it, `--markdown` compares with `origin/main`. */
  readonly base?: string;
  readonly approveAbove?: number;
  readonly snapshot?: boolean;
}

async function runComparison(
  stacks: readonly string[],
  { json, base = "origin/main", approveAbove: approvalLimit }: PreviewCommandOptions,
): Promise<void> {
  const { comparison, diff } = await compareCommits(base, stacks);
  const { listEndedRuns } = await import("../deploy/endedRuns.ts");
  const endedRuns = await listEndedRuns(comparison);
  const context = { base, diff, approvalLimit, endedRuns };
  printLine(
    json === true
      ? JSON.stringify(buildComparisonDocument(comparison, context), undefined, 2)
      : renderPullRequestComment(comparison, context),
  );
  process.exitCode = hasEffects(comparison) ? hasEffectsExitCode : 0;
}

async function runEnginePreview(
  stacks: readonly string[],
  { diff = false, json = false }: PreviewCommandOptions,
): Promise<void> {
  const { previewStacks, showStackPreview } = await import("./stackActions.ts");
  if (json) {
    const document = await previewStacks(stacks);
    printLine(JSON.stringify(document, undefined, 2));
    process.exitCode = document.stacks.some(({ outcome }) => outcome === "refused") ? 1 : 0;
    return;
  }
  for (const stack of stacks) await showStackPreview(stack, diff);
}

async function runPreview(stacks: readonly string[], options: PreviewCommandOptions): Promise<void> {
  const { markdown, base, snapshot } = options;
  if (snapshot === true) return printLine(JSON.stringify(buildPreviewSnapshot(stacks)));
  if (markdown === true || base !== undefined) return runComparison(stacks, options);
  for (const stack of stacks) refuseUnknownStack("mixcpt", stack);
  await runEnginePreview(stacks.length === 0 ? listDeployedStacks() : stacks, options);
}

/** @throws InvalidArgumentError for anything but a number of at least 0 */
export function parseGpuHours(text: string): number {
  const hours = Number(text);
  if (text.trim() === "" || !(hours >= 0)) throw new InvalidArgumentError("must be a number of at least 0");
  return hours;
}

const jsonHelp = "print JSON for programs (docs/preview.schema.json); with --base, the comparison of two commits";
const markdownHelp =
  "compare with another commit instead of a cluster, and print a pull-request comment; " +
  "exit code 2 if a deployment would change anything";

export function buildPreviewCommand(): Command {
  return new Command("preview")
    .addArgument(buildStacksArgument().argOptional())
    .option("--diff", "show the changed properties")
    .addOption(new Option("--json", jsonHelp).conflicts(["diff", "markdown"]))
    .option("--markdown", markdownHelp)
    .option("--base <ref>", "commit to compare with (default of --markdown: origin/main)")
    .option("--approve-above <gpu-hours>", "say so if a deployment would need an approval", parseGpuHours)
    .addOption(new Option("--snapshot", "print what this commit declares, as JSON for other commits").hideHelp())
    .action(runPreview);
}
