import { Argument, Command } from "commander";
import { buildReport, publishedReport } from "../../jobs/report/build.ts";
import { analyse, type AnalysedReport } from "../../jobs/report/category/analysis.ts";
import { declaredStacks, stackValues } from "../engine/declared.ts";
import { allOrNothing } from "../report/allOrNothing.ts";
import { plannedHours } from "../report/planned.ts";
import { readPublishedNumbers } from "../report/published.ts";
import { jsonText, writeReport } from "../report/write.ts";

interface Options {
  out?: string;
  json?: true;
  published?: true;
}

const defaultOut = "report";

/** Pulumi and the Kubernetes client are loaded only for stacks: the paper's numbers need neither. */
async function stacksReport(stacks: readonly string[]): Promise<AnalysedReport> {
  const { readStack } = await import("../report/stacks.ts");
  const names = [...new Set(stacks)];
  const inputs = await allOrNothing(names, readStack);
  return analyse(buildReport({ now: new Date().toISOString(), stacks: inputs, published: readPublishedNumbers(), planned: plannedHours(names) }));
}

async function writeAndSay(report: AnalysedReport, outDir: string): Promise<void> {
  const path = await writeReport(report, outDir);
  for (const finding of report.findings) console.log(`  ! ${finding}`);
  const scored = report.cells.filter(({ scores }) => scores.length > 0);
  const numbers = scored.reduce((sum, { scores }) => sum + scores.length, 0);
  console.log(`report: ${String(scored.length)} of ${String(report.cells.length)} cells, ${String(numbers)} numbers: ${path}`);
}

/** Writes the report of a stack and prints where it lies. */
export async function reportStack(stack: string, outDir: string): Promise<void> {
  await writeAndSay(await stacksReport([stack]), outDir);
}

function refuseUnclear(stacks: readonly string[], published: boolean): void {
  if (stacks.length === 0 && !published) throw new Error("report of what? Name stacks (./mixcpt report dev), or give --published for the paper's own numbers");
  if (stacks.length > 0 && published) throw new Error(`--published is about the paper's own numbers and takes no stack, but got ${stacks.join(", ")}: the report of a stack has the paper's numbers beside its own anyway`);
}

/** A stack of corpora never has scores, whatever its cluster says. */
function refuseCorpora(stacks: readonly string[]): void {
  const known = declaredStacks("mixcpt");
  const corpora = stacks.find((stack) => known.includes(stack) && stackValues("mixcpt", stack)["mixcpt:kind"] === "corpora");
  if (corpora === undefined) return;
  throw new Error(`stack "${corpora}" makes corpora and has no scores: report the stacks whose cells read them, such as ./mixcpt report viking`);
}

/** With --json the data goes to standard output, and files are written only where --out says so. */
async function report(stacks: readonly string[], { out, json, published }: Options): Promise<void> {
  refuseUnclear(stacks, published === true);
  refuseCorpora(stacks);
  const made = published ? analyse(publishedReport(readPublishedNumbers(), new Date().toISOString())) : await stacksReport(stacks);
  if (!json) return writeAndSay(made, out ?? defaultOut);
  if (out !== undefined) await writeReport(made, out);
  process.stdout.write(jsonText(made));
}

export const reportCommand = (): Command =>
  new Command("report")
    .description("write one HTML page with the scores of stacks beside the published ones, and report.json beside it")
    .addArgument(new Argument("[stacks...]", `experiments stacks: ${declaredStacks("mixcpt").join(", ")}`))
    .option("--out <directory>", `where to write index.html and report.json (default: "${defaultOut}")`)
    .option("--json", "print the data instead; with --out, write the files too")
    .option("--published", "report the paper's own numbers; needs no stack and no cluster")
    .action(report);
