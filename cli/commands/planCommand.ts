import { Command, Option } from "commander";
import { buildPlanDocument } from "../../jobs/plan/index.ts";
import type { MeasuredRates } from "../../jobs/hardware/clusterRates.ts";
import { fetchMeasuredRates } from "../plan/fetchMeasuredRates.ts";
import type { UnavailableNodes } from "../plan/fetchUnavailableNodes.ts";
import { fetchUnavailableNodes } from "../plan/fetchUnavailableNodes.ts";
import type { PlanOptions } from "../plan/planOnCluster.ts";
import { loadStackConfig } from "../plan/loadStackConfig.ts";
import { buildPlansFromFiles } from "../plan/planOnCluster.ts";
import { renderPlanReport } from "../plan/planReport.ts";
import type { ScoreStatusResult } from "../plan/planTables.ts";
import { fetchScoreStatus } from "../plan/fetchScoreStatus.ts";
import { buildTerminalStyle, markdownStyle } from "../plan/planStyle.ts";
import { getOutputWidth } from "../terminal/fitToWidth.ts";
import { printLine } from "../terminal/printLine.ts";
import { parseCount } from "./parseCount.ts";
import { buildStacksArgument } from "./stackArgument.ts";

interface PlanCommandOptions extends Pick<PlanOptions, "nodes" | "store"> {
  readonly json?: boolean;
  readonly markdown?: boolean;
}

interface ClusterFacts {
  readonly measured: MeasuredRates | undefined;
  readonly status: ScoreStatusResult;
  readonly unavailable: UnavailableNodes | undefined;
}

/** Asks a cluster for measurements and, unless the output is for programs, for scores and nodes that get no work. */
async function fetchClusterFacts(cluster: string, { json }: PlanCommandOptions): Promise<ClusterFacts> {
  const [measured, status, unavailable] = await Promise.all([
    fetchMeasuredRates(cluster),
    json === true ? {} : fetchScoreStatus(cluster),
    json === true ? undefined : fetchUnavailableNodes(cluster),
  ]);
  return { measured, status, unavailable };
}

async function runPlan(stacks: readonly string[], options: PlanCommandOptions): Promise<void> {
  const clusters = stacks.map((stack) => loadStackConfig(stack).cluster);
  const fetched = new Map([...new Set(clusters)].map((cluster) => [cluster, fetchClusterFacts(cluster, options)]));
  const facts = await Promise.all(clusters.flatMap((cluster) => fetched.get(cluster) ?? []));
  const { nodes, store } = options;
  const plans = buildPlansFromFiles(stacks, (index) => ({ nodes, store, measured: facts[index]?.measured })).map(
    (plan, index) => ({ ...plan, unavailable: facts[index]?.unavailable }),
  );
  if (options.json === true) {
    printLine(JSON.stringify(buildPlanDocument(plans.map(({ plan }) => plan)), undefined, 2));
    return;
  }
  const style = options.markdown === true ? markdownStyle : buildTerminalStyle(getOutputWidth(process.stdout));
  const statuses = facts.map(({ status }) => status);
  printLine(renderPlanReport(plans, statuses, style));
}

export function buildPlanCommand(): Command {
  return new Command("plan")
    .addArgument(buildStacksArgument())
    .addOption(new Option("--json", "print JSON for programs (docs/plan.schema.json)").conflicts("markdown"))
    .option("--markdown", "print Markdown for a page or a comment")
    .option("--nodes <count>", "GPU nodes of the cluster (default: as declared in infra/)", parseCount)
    .option("--store <folder>", "read the counted tokens of finished corpora from the store or a copy of it")
    .action(runPlan);
}
