import { Command, InvalidArgumentError, Option } from "commander";
import { buildPlanDocument } from "../../jobs/plan/index.ts";
import type { PlanOptions } from "../plan/planOnCluster.ts";
import { buildPlanFromFiles } from "../plan/planOnCluster.ts";
import { renderPlanReport } from "../plan/planReport.ts";
import { fetchScoreStatus } from "../plan/fetchScoreStatus.ts";
import { buildTerminalStyle, markdownStyle } from "../plan/planStyle.ts";
import { getOutputWidth } from "../terminal/fitToWidth.ts";
import { printLine } from "../terminal/printLine.ts";
import { buildStacksArgument } from "./stackArgument.ts";

interface PlanCommandOptions extends PlanOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
}

function parseNodeCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("must be a whole number of at least 1");
  return count;
}

async function runPlan(stacks: readonly string[], options: PlanCommandOptions): Promise<void> {
  const plans = stacks.map((stack) => buildPlanFromFiles(stack, options));
  if (options.json === true) {
    printLine(JSON.stringify(buildPlanDocument(plans.map(({ plan }) => plan)), undefined, 2));
    return;
  }
  const clusters = [...new Set(plans.map(({ cluster }) => cluster))];
  const found = new Map(
    await Promise.all(clusters.map(async (cluster) => [cluster, await fetchScoreStatus(cluster)] as const)),
  );
  const statuses = plans.map(({ cluster }) => found.get(cluster) ?? {});
  const style = options.markdown === true ? markdownStyle : buildTerminalStyle(getOutputWidth(process.stdout));
  printLine(renderPlanReport(plans, statuses, style));
}

export function buildPlanCommand(): Command {
  return new Command("plan")
    .addArgument(buildStacksArgument())
    .addOption(new Option("--json", "print JSON for programs (docs/plan.schema.json)").conflicts("markdown"))
    .option("--markdown", "print Markdown for a page or a comment")
    .option("--nodes <count>", "GPU nodes of the cluster (default: as declared in infra/)", parseNodeCount)
    .option("--store <folder>", "read the counted tokens of finished corpora from the store or a copy of it")
    .action(runPlan);
}
