import { resolve } from "node:path";
import { Argument, Command } from "commander";
import { buildPublishedReport, buildReport } from "../../reporting/buildReport.ts";
import { judgeReport } from "../../reporting/category/categoryVerdict.ts";
import type { JudgedReport } from "../../reporting/category/categoryVerdict.ts";
import { callerDirectory, checkoutDirectory } from "../../workspace/environment.ts";
import { listOfferedStacks, readStackValues, refuseUnknownStack } from "../engine/stackDeclarations.ts";
import { countCells } from "../../reporting/reportModel.ts";
import { collectPlannedHours, readPublishedNumbers } from "../report/reportInputs.ts";
import { settleAll } from "../report/settleAll.ts";
import { formatReportJson, writeReport } from "../report/writeReport.ts";

interface ReportOptions {
  readonly out?: string;
  readonly json?: true;
  readonly published?: true;
}

const defaultReportFolder = resolve(checkoutDirectory, "report");

/** Loads Pulumi and the Kubernetes client, which the paper's own numbers do not need. */
async function buildStacksReport(stacks: readonly string[]): Promise<JudgedReport> {
  const { readStackInput } = await import("../report/stackInput.ts");
  const names = [...new Set(stacks)];
  const inputs = await settleAll(names, readStackInput);
  return judgeReport(
    buildReport({
      now: new Date().toISOString(),
      stacks: inputs,
      published: readPublishedNumbers(),
      plannedHours: collectPlannedHours(names),
    }),
  );
}

async function writeAndPrintReport(report: JudgedReport, outDir: string): Promise<void> {
  const path = await writeReport(report, outDir);
  for (const finding of report.findings) console.log(`  ! ${finding}`);
  const scored = report.cells.filter(({ scores }) => scores.length > 0);
  const [scoredCount, count] = [scored, report.cells].map(countCells);
  const numbers = scored.reduce((sum, { scores }) => sum + scores.length, 0);
  console.log(`report: ${String(scoredCount)} of ${String(count)} cells, ${String(numbers)} numbers: ${path}`);
}

/** Writes the report of a stack into the default folder and prints its path. */
export async function reportStack(stack: string): Promise<void> {
  await writeAndPrintReport(await buildStacksReport([stack]), defaultReportFolder);
}

function refuseUnclearRequest(stacks: readonly string[], published: boolean): void {
  if (stacks.length === 0 && !published)
    throw new Error(
      "report: no stack was named; name stacks (./mixcpt report dev), or use --published for the paper's own numbers",
    );
  if (stacks.length > 0 && published)
    throw new Error(
      `--published: cannot be combined with the stacks ${stacks.join(", ")}; leave it out, because the report of a ` +
        "stack shows the paper's numbers beside its own",
    );
}

/** Stacks of corpora never have scores, whatever their cluster contains. */
function refuseCorporaStacks(stacks: readonly string[]): void {
  const corpora = stacks.find((stack) => readStackValues("mixcpt", stack)["mixcpt:kind"] === "corpora");
  if (corpora === undefined) return;
  throw new Error(
    `stack "${corpora}": builds corpora and has no scores; report the stacks whose cells read them, ` +
      "such as ./mixcpt report viking",
  );
}

/** With --json the data goes to standard output, and files are written only if --out is given. */
async function runReport(stacks: readonly string[], { out, json, published }: ReportOptions): Promise<void> {
  const outDir = out === undefined ? undefined : resolve(callerDirectory, out);
  refuseUnclearRequest(stacks, published === true);
  for (const stack of stacks) refuseUnknownStack("mixcpt", stack);
  refuseCorporaStacks(stacks);
  const report = published
    ? judgeReport(buildPublishedReport(readPublishedNumbers(), new Date().toISOString()))
    : await buildStacksReport(stacks);
  if (!json) return writeAndPrintReport(report, outDir ?? defaultReportFolder);
  if (outDir !== undefined) await writeReport(report, outDir);
  process.stdout.write(formatReportJson(report));
}

export function buildReportCommand(): Command {
  return new Command("report")
    .addArgument(new Argument("[stacks...]", `experiment stacks: ${listOfferedStacks("mixcpt").join(", ")}`))
    .option("--out <directory>", "folder for index.html and report.json (default: report/ in the checkout)")
    .option("--json", "print the data instead of writing files; with --out, do both")
    .option("--published", "report the paper's own numbers; needs no stack and no cluster")
    .action(runReport);
}
