import { resolve } from "node:path";
import { Argument, Command, Option } from "commander";
import { buildPublishedReport, buildReport } from "../../reporting/buildReport.ts";
import { judgeReport } from "../../reporting/category/categoryVerdict.ts";
import type { JudgedReport } from "../../reporting/category/categoryVerdict.ts";
import { buildExportFiles, exportKinds } from "../../reporting/export/exportFiles.ts";
import type { ExportKind } from "../../reporting/export/exportFiles.ts";
import { countCells } from "../../reporting/repetitions.ts";
import { callerDirectory, checkoutDirectory } from "../../workspace/environment.ts";
import { listOfferedStacks, readStackValues, refuseUnknownStack } from "../engine/stackDeclarations.ts";
import { collectPlannedHours, readPublishedNumbers } from "../report/reportInputs.ts";
import { settleAll } from "../report/settleAll.ts";
import { formatCount } from "../terminal/formatList.ts";
import { formatReportJson, writeExportFiles, writeReport } from "../report/writeReport.ts";

interface ReportOptions extends Readonly<Partial<Record<ExportKind, true>>> {
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
  const { cells, scored, runs } = countCells(report);
  const scores = report.cells.reduce((sum, cell) => sum + cell.scores.length, 0);
  const repetitions = runs > cells ? ` in ${String(runs)} runs` : "";
  console.log(
    `report: ${String(scored)} of ${String(cells)} cells${repetitions}, ${String(scores)} scores of cells: ${path}`,
  );
}

/** Writes files beside the page and prints how many there are of each kind. */
async function writeAndPrintExports(report: JudgedReport, outDir: string, kinds: readonly ExportKind[]): Promise<void> {
  for (const kind of kinds) {
    const files = buildExportFiles(report, [kind]);
    await writeExportFiles(files, outDir);
    const folder = files.length === 1 ? (files[0]?.path ?? "") : `${files[0]?.path.split("/")[0] ?? "no scores"}/`;
    console.log(`  ${kind}: ${formatCount(files.length, "file")}: ${resolve(outDir, folder)}`);
  }
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
async function runReport(stacks: readonly string[], options: ReportOptions): Promise<void> {
  const { out, json, published } = options;
  const outDir = out === undefined ? undefined : resolve(callerDirectory, out);
  refuseUnclearRequest(stacks, published === true);
  for (const stack of stacks) refuseUnknownStack("mixcpt", stack);
  refuseCorporaStacks(stacks);
  const report = published
    ? judgeReport(buildPublishedReport(readPublishedNumbers(), new Date().toISOString()))
    : await buildStacksReport(stacks);
  if (!json) {
    await writeAndPrintReport(report, outDir ?? defaultReportFolder);
    const kinds = exportKinds.filter((kind) => options[kind]);
    return writeAndPrintExports(report, outDir ?? defaultReportFolder, kinds);
  }
  if (outDir !== undefined) await writeReport(report, outDir);
  process.stdout.write(formatReportJson(report));
}

export function buildReportCommand(): Command {
  return new Command("report")
    .addArgument(new Argument("[stacks...]", `experiment stacks: ${listOfferedStacks("mixcpt").join(", ")}`))
    .option("--out <directory>", "folder for all files (default: report/ in the checkout)")
    .option("--csv", "write scores.csv as well: one row for each score, with all that identifies it")
    .option("--latex", "write tables/*.tex as well: tables for a paper, with booktabs")
    .option("--figures", "write figures/*.svg as well: every picture of the page")
    .addOption(
      new Option("--json", "print the data instead of writing files; with --out, do both").conflicts([...exportKinds]),
    )
    .option("--published", "report the paper's own numbers; needs no stack and no cluster")
    .action(runReport);
}
