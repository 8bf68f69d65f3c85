/** What the runs of a team have on the cluster and in its store. */
import { globSync } from "node:fs";
import { findLocalHost, limitPodProcessor } from "./localMachines.ts";
import { pollFor } from "./testCluster.ts";
import type { ObjectWithConditions } from "./testCluster.ts";
import type { Team } from "./tenantTeams.ts";
import { resolveTeamStore, runTeamKubectl } from "./tenantTeams.ts";

export interface TrainingPod {
  readonly metadata: { name: string; uid: string; labels: Record<string, string> };
  readonly spec: { nodeName?: string };
  readonly status: { phase: string };
}

interface RestartedJobSet extends ObjectWithConditions {
  readonly status: ObjectWithConditions["status"] & { restarts?: number; restartsCountTowardsMax?: number };
}

export async function listTeamObjects<T>(team: Team, kind: string, ...more: string[]): Promise<T[]> {
  const { exitCode, output, stdout } = await runTeamKubectl(team, "get", kind, "-o", "json", ...more);
  if (exitCode !== 0) throw new Error(`kubectl get ${kind} of ${team}: ${output}`);
  return (JSON.parse(stdout) as { items: T[] }).items;
}

export async function listRunningTrainings(team: Team): Promise<TrainingPod[]> {
  const pods = await listTeamObjects<TrainingPod>(team, "pods", "-l", "jobset.sigs.k8s.io/replicatedjob-name=node");
  return pods.filter(({ status }) => status.phase === "Running");
}

/**
 * Gives each training of a team, of the given number, a share of a processor as soon as it runs. Pods that replace
 * these have no such limit.
 */
export async function limitTrainings(team: Team, count: number, share: number): Promise<void> {
  const limited = new Set<string>();
  await pollFor(`${String(count)} running trainings of ${team}`, 1500, async () => {
    for (const { metadata, spec } of await listRunningTrainings(team)) {
      if (limited.has(metadata.uid)) continue;
      await limitPodProcessor(await findLocalHost(spec.nodeName ?? ""), metadata.uid, share);
      limited.add(metadata.uid);
    }
    return limited.size === count ? true : undefined;
  });
}

/** The training whose pods were started again, for whatever reason. */
export async function findRestartedTraining(team: Team): Promise<RestartedJobSet | undefined> {
  const jobSets = await listTeamObjects<RestartedJobSet>(team, "jobsets", "-l", "mixcpt.io/step=train");
  return jobSets.find(({ status }) => (status.restarts ?? 0) > 0);
}

/** Waits until each training of a team, of the given number, has a complete checkpoint in its store. */
export async function awaitCheckpoints(team: Team, count: number): Promise<void> {
  await pollFor(`a checkpoint of each training of ${team}`, 1500, async () => {
    const trainJobs = await listTeamObjects<ObjectWithConditions>(team, "trainjobs");
    const saved = trainJobs.filter(({ metadata }) => hasCheckpoint(team, metadata.name));
    return saved.length === count ? true : undefined;
  });
}

function hasCheckpoint(team: Team, run: string): boolean {
  return globSync(`runs/${run}/checkpoint-*/COMPLETE`, { cwd: resolveTeamStore(team) }).length > 0;
}

/** The log of the training pods of a run that exist. */
export async function readTrainingLog(team: Team, run: string): Promise<string> {
  const selector = `jobset.sigs.k8s.io/jobset-name=${run},jobset.sigs.k8s.io/replicatedjob-name=node`;
  return (await runTeamKubectl(team, "logs", "--tail=-1", "-l", selector)).output;
}
