import type { MixturePlan, StackPlan } from "../../jobs/plan/index.ts";
import { buildSourceTable } from "./planTables.ts";
import { formatByteSize, formatTokenCount } from "./formatNumbers.ts";
import type { PlanStyle } from "./planStyle.ts";
import type { TextTable } from "./planStyle.ts";

/** What a stack of corpora is planned to make, and where. */
type PlannedMixtures = Pick<StackPlan, "stack" | "totals" | "mixtures"> & { cluster: string };

const mixtureSources = ["monolingual", "bilingual", "code"] as const;

/** A row per mixture, in the order of submission. */
function buildMixtureTable(mixtures: readonly MixturePlan[]): TextTable {
  const rows = mixtures.map(({ id, tokens: counted, languages, diskBytes, request }) => {
    const bySource = mixtureSources.map((source) => formatTokenCount(counted.bySource[source] ?? 0));
    return [
      id,
      formatTokenCount(counted.total),
      ...bySource,
      String(languages.length),
      formatByteSize(diskBytes.kept),
      formatByteSize(diskBytes.peak),
      request.cpu,
      request.memory,
    ];
  });
  return { headings: ["mixture", "tokens", ...mixtureSources, "languages", "corpus", "disk", "cores", "memory"], rows };
}

/** The plan of a stack of corpora for people. */
export function renderMixturesSection(
  { stack, mixtures, totals, cluster }: PlannedMixtures,
  style: PlanStyle,
): string[] {
  const all = mixtures.reduce((sum, { tokens: { total } }) => sum + total, 0);
  const kept = mixtures.reduce((sum, { diskBytes }) => sum + diskBytes.kept, 0);
  const count = `${String(mixtures.length)} mixture${mixtures.length === 1 ? "" : "s"}`;
  return [
    style.heading(`${stack}: ${count}, made on the processors of ${cluster}`),
    style.table(buildMixtureTable(mixtures)),
    "",
    style.item(`${count}: ${formatTokenCount(all)} tokens, no GPU-hours`),
    style.item(
      `disk: ${formatByteSize(totals.diskBytes)} at most at a time, with the model that tells languages apart; corpora of ${formatByteSize(kept)} stay`,
    ),
    "",
    style.table(buildSourceTable(mixtures)),
    "",
  ];
}
