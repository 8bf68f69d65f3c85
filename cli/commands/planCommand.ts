import { Command, InvalidArgumentError, Option } from "commander";
import { buildPlanDocument } from "../../jobs/plan/index.ts";
import { buildPlanFromFiles } from "../plan/planOnCluster.ts";
import { renderPlanReport } from "../plan/planReport.ts";
import { fetchScoreStatus } from "../plan/fetchScoreStatus.ts";
import { markdownStyle, terminalStyle } from "../plan/planStyle.ts";
import { buildStacksArgument } from "./stackArgument.ts";

interface PlanCommandOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly nodes?: number;
}

function parseNodeCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("a number of nodes, 1 or more");
  return count;
}

async function runPlan(stacks: readonly string[], options: PlanCommandOptions): Promise<void> {
  const planned = stacks.map((stack) => buildPlanFromFiles(stack, options.nodes));
  if (options.json === true) {
    console.log(JSON.stringify(buildPlanDocument(planned.map((file) => file.plan)), undefined, 2));
    return;
  }
  const answers = await Promise.all(planned.map(({ cluster }) => fetchScoreStatus(cluster)));
  console.log(renderPlanReport(planned, answers, options.markdown === true ? markdownStyle : terminalStyle));
}

export function buildPlanCommand(): Command {
  return new Command("plan")
    .addArgument(buildStacksArgument())
    .addOption(new Option("--json", "for programs: docs/plan.schema.json").conflicts("markdown"))
    .option("--markdown", "for a page or a comment")
    .option("--nodes <count>", "GPU nodes of the cluster, in place of those that infra/ declares", parseNodeCount)
    .action(runPlan);
}
