import { Argument, Command } from "commander";
import { buildReport, buildPublishedReport } from "../../reporting/buildReport.ts";
import { judgeReport } from "../../reporting/category/categoryVerdict.ts";
import type { JudgedReport } from "../../reporting/category/categoryVerdict.ts";
import { listDeclaredStacks, readStackValues } from "../engine/stackDeclarations.ts";
import { settleAll } from "../report/settleAll.ts";
import { collectPlannedHours } from "../report/reportInputs.ts";
import { readPublishedNumbers } from "../report/reportInputs.ts";
import { formatReportJson, writeReport } from "../report/writeReport.ts";

interface ReportOptions {
  readonly out?: string;
  readonly json?: true;
  readonly published?: true;
}

const defaultReportFolder = "report";

/** Pulumi and the Kubernetes client are loaded only for stacks: the paper's numbers need neither. */
async function buildStacksReport(stacks: readonly string[]): Promise<JudgedReport> {
  const { readStackInput: readStack } = await import("../report/stackInput.ts");
  const names = [...new Set(stacks)];
  const inputs = await settleAll(names, readStack);
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
  const numbers = scored.reduce((sum, { scores }) => sum + scores.length, 0);
  console.log(
    `report: ${String(scored.length)} of ${String(report.cells.length)} cells, ${String(numbers)} numbers: ${path}`,
  );
}

/** Writes the report of a stack and prints where it lies. */
export async function reportStack(stack: string, outDir: string): Promise<void> {
  await writeAndPrintReport(await buildStacksReport([stack]), outDir);
}

function refuseUnclearRequest(stacks: readonly string[], published: boolean): void {
  if (stacks.length === 0 && !published)
    throw new Error(
      "report of what? Name stacks (./mixcpt report dev), or give --published for the paper's own numbers",
    );
  if (stacks.length > 0 && published)
    throw new Error(
      `--published is about the paper's own numbers and takes no stack, but got ${stacks.join(", ")}: the report of a stack has the paper's numbers beside its own anyway`,
    );
}

/** A stack of corpora never has scores, whatever its cluster says. */
function refuseCorporaStacks(stacks: readonly string[]): void {
  const known = listDeclaredStacks("mixcpt");
  const corpora = stacks.find(
    (stack) => known.includes(stack) && readStackValues("mixcpt", stack)["mixcpt:kind"] === "corpora",
  );
  if (corpora === undefined) return;
  throw new Error(
    `stack "${corpora}" makes corpora and has no scores: report the stacks whose cells read them, such as ./mixcpt report viking`,
  );
}

/** With --json the data goes to standard output, and files are written only where --out says so. */
async function runReport(stacks: readonly string[], { out, json, published }: ReportOptions): Promise<void> {
  refuseUnclearRequest(stacks, published === true);
  refuseCorporaStacks(stacks);
  const made = published
    ? judgeReport(buildPublishedReport(readPublishedNumbers(), new Date().toISOString()))
    : await buildStacksReport(stacks);
  if (!json) return writeAndPrintReport(made, out ?? defaultReportFolder);
  if (out !== undefined) await writeReport(made, out);
  process.stdout.write(formatReportJson(made));
}

export function reportCommand(): Command {
  return new Command("report")
    .description("write one HTML page with the scores of stacks beside the published ones, and report.json beside it")
    .addArgument(new Argument("[stacks...]", `experiments stacks: ${listDeclaredStacks("mixcpt").join(", ")}`))
    .option("--out <directory>", `where to write index.html and report.json (default: "${defaultReportFolder}")`)
    .option("--json", "print the data instead; with --out, write the files too")
    .option("--published", "report the paper's own numbers; needs no stack and no cluster")
    .action(runReport);
}
