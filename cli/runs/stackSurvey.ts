import { stackLabel } from "../../jobs/kube/objectLabels.ts";
import type { RecordedCluster, RecordedRun, RecordedStack } from "../engine/recordedRuns.ts";
import { listActiveRuns, listLabeledRuns } from "./activeRuns.ts";
import type { ActiveRun, LiveRun } from "./activeRuns.ts";
import type { ClusterReading } from "./clusterReading.ts";

/** One of the clusters on which the state of a stack records runs, or to which `up` would submit. */
export interface SurveyedCluster {
  readonly name: string | undefined;
  readonly runs: readonly RecordedRun[];
  readonly reading: ClusterReading;
}

/** The state of a stack beside the clusters that it records. */
export interface StackSurvey {
  readonly recorded: RecordedStack;
  readonly clusters: readonly SurveyedCluster[];
}

interface SurveyOptions {
  readonly readCluster: (cluster: RecordedCluster) => Promise<ClusterReading>;
  /** The cluster to which the next `up` would submit. */
  readonly target?: string;
}

/**
 * Reads every cluster that the state of a stack records, and the target of the next `up` if one is given. The stack's
 * file is not asked: it may name another cluster by now.
 */
export async function surveyStack(
  recorded: RecordedStack,
  { readCluster, target }: SurveyOptions,
): Promise<StackSurvey> {
  const groups = Map.groupBy(recorded.runs, ({ cluster }) => cluster.name);
  const names = new Set([...groups.keys(), ...(target === undefined ? [] : [target])]);
  const clusters = [...names].map(async (name) => {
    const runs = groups.get(name) ?? [];
    const cluster: RecordedCluster = runs[0]?.cluster ?? { name, kubeconfig: undefined };
    return { name, runs, reading: await readCluster(cluster) };
  });
  return { recorded, clusters: await Promise.all(clusters) };
}

/** A recorded run that is active on its cluster. */
export interface ActiveRecordedRun extends ActiveRun, Pick<RecordedRun, "urn" | "provider"> {
  readonly cluster: string | undefined;
  /** The time of the snapshot in milliseconds since 1970. */
  readonly now: number;
}

/** Lists the active runs that belong to this state; those of other checkouts are not this stack's to end. */
export function listActiveRecordedRuns({ clusters }: StackSurvey): ActiveRecordedRun[] {
  return clusters.flatMap(({ name: cluster, runs, reading: { snapshot } }) => {
    if (snapshot === undefined || runs.length === 0) return [];
    return listActiveRuns(snapshot).flatMap((active) => {
      const run = runs.find(({ kind, name }) => kind === active.kind && name === active.name);
      if (run === undefined) return [];
      const { urn, provider, step, cell } = run;
      return { ...active, step, cell: cell ?? active.cell, urn, provider, cluster, now: snapshot.now };
    });
  });
}

/** Recorded runs of a cluster that cannot be asked whether they are active. */
export interface UnknownRuns {
  readonly cluster: string | undefined;
  readonly reason: string;
  readonly runs: readonly RecordedRun[];
}

export function listUnknownRuns({ clusters }: StackSurvey): UnknownRuns[] {
  return clusters.flatMap(({ name: cluster, runs, reading: { unavailable: reason } }) =>
    reason === undefined || runs.length === 0 ? [] : { cluster, reason, runs },
  );
}

interface ForeignRunQuery {
  readonly stack: string;
  readonly target: string;
  /** True if the Kubernetes plugin recognizes the objects of an interrupted `up` of the same state. */
  readonly recognizesOwnObjects: boolean;
}

/**
 * Lists the runs of a stack of this name on the target that this state does not record. With a plugin that recognizes
 * the objects of an interrupted `up`, a state that has reached the cluster before is left to the plugin.
 */
export function listForeignRuns(
  { recorded, clusters }: StackSurvey,
  { stack, target, recognizesOwnObjects }: ForeignRunQuery,
): LiveRun[] {
  if (recognizesOwnObjects && recorded.providerClusters.includes(target)) return [];
  const cluster = clusters.find(({ name }) => name === target);
  if (cluster?.reading.snapshot === undefined) return [];
  return listLabeledRuns(cluster.reading.snapshot, stackLabel, stack).filter(
    (live) => !cluster.runs.some(({ kind, name }) => kind === live.kind && name === live.name),
  );
}
