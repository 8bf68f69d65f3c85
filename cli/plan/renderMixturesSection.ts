import type { MixturePlan, StackPlan } from "../../jobs/plan/index.ts";
import { formatCount } from "../terminal/formatList.ts";
import { formatByteSize, formatTokenCount } from "./formatNumbers.ts";
import type { PlanStyle, TextTable } from "./planStyle.ts";
import { buildSourceTable } from "./planTables.ts";

/** The planned mixtures of a stack of corpora, and their cluster. */
type PlannedMixtures = Pick<StackPlan, "stack" | "totals" | "mixtures"> & { cluster: string };

const studySources = ["monolingual", "bilingual", "code"] as const;

/** Builds a table with a row per mixture, in the order of submission. */
function buildMixtureTable(mixtures: readonly MixturePlan[]): TextTable {
  const counted = mixtures.flatMap(({ tokens: { bySource } }) => Object.keys(bySource));
  const mixtureSources = [...new Set([...studySources, ...counted])];
  const rows = mixtures.map(({ id, tokens, languages, diskBytes, request }) => {
    const bySource = mixtureSources.map((source) => formatTokenCount(tokens.bySource[source] ?? 0));
    return [
      id,
      formatTokenCount(tokens.total),
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

/** Renders the plan of a stack of corpora as lines of text. */
export function renderMixturesSection(
  { stack, mixtures, totals, cluster }: PlannedMixtures,
  style: PlanStyle,
): string[] {
  const tokenCount = mixtures.reduce((sum, { tokens: { total } }) => sum + total, 0);
  const kept = mixtures.reduce((sum, { diskBytes }) => sum + diskBytes.kept, 0);
  const count = formatCount(mixtures.length, "mixture");
  const peak = formatByteSize(totals.diskBytes);
  return [
    style.heading(`${stack}: ${count}, built on the CPUs of ${cluster}`),
    style.table(buildMixtureTable(mixtures)),
    "",
    style.item(`${count}: ${formatTokenCount(tokenCount)} tokens, no GPU-hours`),
    style.item(
      `disk: ${peak} at peak, including the language identification model; corpora of ${formatByteSize(kept)} are kept`,
    ),
    "",
    style.table(buildSourceTable(mixtures)),
    "",
  ];
}
