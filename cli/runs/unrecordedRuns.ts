import { stackLabel } from "../../jobs/kube/objectLabels.ts";
import type { RecordedRun } from "../engine/recordedRuns.ts";
import { formatKubectlPrefix } from "../kubernetes/formatKubectlPrefix.ts";
import { formatCount, formatFirstItems } from "../terminal/formatList.ts";
import { listLabeledRuns } from "./activeRuns.ts";
import type { LiveRun } from "./activeRuns.ts";
import { formatClusterName } from "./clusterReading.ts";
import { formatRun } from "./endedRuns.ts";
import type { SurveyedCluster } from "./stackSurvey.ts";
import { surveyStack } from "./stackSurvey.ts";

const maxListed = 5;

interface UnrecordedQuery {
  readonly stack: string;
  readonly readCluster: Parameters<typeof surveyStack>[1]["readCluster"];
  readonly print: (line: string) => void;
}

interface LeftRuns {
  readonly cluster: string | undefined;
  readonly left: readonly LiveRun[];
}

function findLeftRuns({ name, runs, reading: { snapshot } }: SurveyedCluster, stack: string): LeftRuns[] {
  if (snapshot === undefined) return [];
  const left = listLabeledRuns(snapshot, stackLabel, stack).filter((live) =>
    runs.some((run) => run.kind === live.kind && run.name === live.name),
  );
  return left.length === 0 ? [] : [{ cluster: name, left }];
}

function formatDeletion({ cluster, left }: LeftRuns): string {
  const prefix = cluster === undefined ? "kubectl" : formatKubectlPrefix(cluster);
  return `    ${[prefix, "delete", ...left.map(({ kind, name }) => `${kind}/${name}`)].join(" ")}`;
}

function formatUnread({ runs, reading: { unavailable } }: SurveyedCluster): string[] {
  const count = formatCount(runs.length, "run");
  return unavailable === undefined ? [] : [`an interrupted up may have left ${count} unrecorded: ${unavailable}`];
}

/**
 * Refuses a `destroy` that would leave runs on a cluster: those that a killed `up` has created without recording them.
 * Prints of which it is unknown whether they exist.
 * @param interrupted the runs that the `up` began to create
 * @throws Error that lists the runs and says what to do
 */
export async function refuseUnrecordedRuns(
  interrupted: readonly RecordedRun[],
  { stack, readCluster, print }: UnrecordedQuery,
): Promise<void> {
  if (interrupted.length === 0) return;
  const { clusters } = await surveyStack({ runs: interrupted, providerClusters: [] }, { readCluster });
  clusters.flatMap(formatUnread).forEach(print);
  const groups = clusters.flatMap((cluster) => findLeftRuns(cluster, stack));
  const existing = groups.flatMap(({ cluster, left }) =>
    left.map((live) => `${formatRun(live)} on ${formatClusterName(cluster)}`),
  );
  if (existing.length === 0) return;
  throw new Error(
    [
      `destroy ${stack} would leave ${formatCount(existing.length, "run")} that an interrupted up has created and ` +
        "not recorded; nothing was changed",
      `  ${formatFirstItems(existing, { limit: maxListed, separator: "\n  " })}`,
      "what to do:",
      `  run ./mixcpt up ${stack}, which records them, then ./mixcpt destroy ${stack}`,
      "  if up does not submit them any more, because the stack's file or this project has changed since, delete them:",
      ...groups.map(formatDeletion),
    ].join("\n"),
  );
}
