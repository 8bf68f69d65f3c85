import { formatDeviceKind } from "../../jobs/hardware/gpuCatalog.ts";
import type { StackPlan } from "../../jobs/plan/index.ts";
import { formatCount } from "../terminal/formatList.ts";
import { listClusterNotes } from "./clusterNotes.ts";
import { formatByteSize, formatHours, formatThreeDigits } from "./formatNumbers.ts";
import type { PlanOnCluster } from "./planOnCluster.ts";
import type { PlanStyle, TextTable } from "./planStyle.ts";
import type { ScoreStatusResult } from "./planTables.ts";

type ModelsProduct = Extract<StackPlan["product"], { kind: "models" }>;
type PlannedModel = StackPlan["models"][number];

function formatRevision({ revision, downloadBytes }: PlannedModel): string {
  if (downloadBytes === 0) return "";
  return revision === undefined ? "no commit yet" : revision.slice(0, 8);
}

/** Builds a table with a row per model, in the order of the file. */
function buildModelTable(models: readonly PlannedModel[], { lookup }: ScoreStatusResult): TextTable {
  const rows = models.map((model) => [
    model.id,
    model.source,
    formatRevision(model),
    String(model.languages.length),
    formatThreeDigits(model.prompts),
    formatThreeDigits(model.evaluationGpuHours),
    model.downloadBytes === 0 ? "0" : formatByteSize(model.downloadBytes),
    ...(lookup === undefined ? [] : [lookup(model) ?? ""]),
  ]);
  const headings = ["model", "from", "commit", "languages", "prompts", "GPU-hours", "download"];
  return { headings: [...headings, ...(lookup === undefined ? [] : ["scores"])], rows };
}

/** Renders the plan of a stack that evaluates models without training as lines of text. */
export function renderModelsSection(
  planOnCluster: PlanOnCluster,
  { devices }: ModelsProduct,
  { status, style }: { status: ScoreStatusResult; style: PlanStyle },
): string[] {
  const { plan, cluster } = planOnCluster;
  const { stack, models, totals, nodes } = plan;
  const count = formatCount(models.length, "model");
  const place = `on ${formatDeviceKind(devices)} devices, on the ${formatCount(nodes, "node")} of ${cluster}`;
  return [
    style.heading(`${stack}: evaluation of ${count} ${place}`),
    ...listClusterNotes(planOnCluster).map(style.item),
    style.table(buildModelTable(models, status)),
    "",
    style.item(
      `${count}: at least ${formatThreeDigits(totals.evaluationGpuHours)} GPU-hours of evaluation, no training`,
    ),
    style.item(`disk: ${formatByteSize(totals.diskBytes)} of downloaded models`),
    style.item(`on ${formatCount(nodes, "node")}: at least ${formatHours(totals.makespanHours)}`),
    ...(status.unavailable === undefined ? [] : [style.item(`existing scores are unknown: ${status.unavailable}`)]),
    "",
  ];
}
