import { Command, InvalidArgumentError, Option } from "commander";
import { planDocument } from "../../jobs/plan/index.ts";
import { planFile } from "../plan/planStacks.ts";
import { planReport } from "../plan/report.ts";
import { standingOn } from "../plan/standing.ts";
import { markdown, terminal } from "../plan/style.ts";
import { stackArguments } from "./stackArgument.ts";

interface Options {
  json?: boolean;
  markdown?: boolean;
  nodes?: number;
}

function nodeCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("a number of nodes, 1 or more");
  return count;
}

async function plan(stacks: readonly string[], options: Options): Promise<void> {
  const planned = stacks.map((stack) => planFile(stack, options.nodes));
  if (options.json === true) {
    console.log(JSON.stringify(planDocument(planned.map((file) => file.plan)), undefined, 2));
    return;
  }
  const answers = await Promise.all(planned.map(({ cluster }) => standingOn(cluster)));
  console.log(planReport(planned, answers, options.markdown === true ? markdown : terminal));
}

export const planCommand = (): Command =>
  new Command("plan")
    .addArgument(stackArguments())
    .addOption(new Option("--json", "for programs: docs/plan.schema.json").conflicts("markdown"))
    .option("--markdown", "for a page or a comment")
    .option("--nodes <count>", "GPU nodes of the cluster, in place of those that infra/ declares", nodeCount)
    .action(plan);
