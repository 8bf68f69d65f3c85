import type { MixturePlan, StackPlan } from "../../jobs/plan/index.ts";
import { sourceTable } from "./columns.ts";
import { bytes, tokens } from "./numbers.ts";
import type { Style } from "./style.ts";
import type { Table } from "./table.ts";

/** What a stack of corpora is planned to make, and where. */
type PlannedMixtures = Pick<StackPlan, "stack" | "totals" | "mixtures"> & { cluster: string };

const sources = ["monolingual", "bilingual", "code"] as const;

/** A row per mixture, in the order of submission. */
function mixtureTable(mixtures: readonly MixturePlan[]): Table {
  const rows = mixtures.map(({ id, tokens: counted, languages, diskBytes, request }) => {
    const bySource = sources.map((source) => tokens(counted.bySource[source] ?? 0));
    return [id, tokens(counted.total), ...bySource, String(languages.length), bytes(diskBytes.kept), bytes(diskBytes.peak), request.cpu, request.memory];
  });
  return { headings: ["mixture", "tokens", ...sources, "languages", "corpus", "disk", "cores", "memory"], rows };
}

/** The plan of a stack of corpora for people. */
export function mixturesSection({ stack, mixtures, totals, cluster }: PlannedMixtures, style: Style): string[] {
  const all = mixtures.reduce((sum, { tokens: { total } }) => sum + total, 0);
  const kept = mixtures.reduce((sum, { diskBytes }) => sum + diskBytes.kept, 0);
  const count = `${String(mixtures.length)} mixture${mixtures.length === 1 ? "" : "s"}`;
  return [
    style.heading(`${stack}: ${count}, made on the processors of ${cluster}`),
    style.table(mixtureTable(mixtures)),
    "",
    style.item(`${count}: ${tokens(all)} tokens, no GPU-hours`),
    style.item(`disk: ${bytes(totals.diskBytes)} at most at a time, with the model that tells languages apart; corpora of ${bytes(kept)} stay`),
    "",
    style.table(sourceTable(mixtures)),
    "",
  ];
}
