import { listLeavingNodes } from "../cluster/leavingNodes.ts";
import { findClusterConfig } from "../cluster/readClusterConfig.ts";
import { findRecordedStack } from "../engine/findRecordedStack.ts";
import type { RecordedStack } from "../engine/recordedRuns.ts";
import { fetchRecordedResources, fetchRecordedStack } from "../engine/recordedRuns.ts";
import { objectKinds } from "../kubernetes/objectKinds.ts";
import type { ObjectOwner } from "../preview/sharedObjects.ts";
import type { DeletedStackFile } from "./deletedStackFiles.ts";
import { listDeletedStackFiles } from "./deletedStackFiles.ts";

/** Reads the runs that the state of an experiments stack records; none if the backend has no such stack. */
async function readRecordedRuns(stack: string): Promise<RecordedStack["runs"]> {
  const opened = await findRecordedStack("mixcpt", stack);
  return opened === undefined ? [] : (await fetchRecordedStack(opened)).runs;
}

/** `TrainJob/l3-bi-stag-1a2b3c4d` */
export function formatRecordedRun({ kind, name }: Pick<RecordedStack["runs"][number], "kind" | "name">): string {
  return `${objectKinds[kind].kind}/${name}`;
}

/** Lists the runs that a stack has submitted, by the cluster that they are on. */
export async function listRecordedOwners(stack: string): Promise<ObjectOwner[]> {
  const clusters = Map.groupBy(await readRecordedRuns(stack), ({ cluster }) => cluster.name);
  return [...clusters].map(([cluster, runs]) => ({ stack, cluster, objects: new Set(runs.map(formatRecordedRun)) }));
}

/**
 * Lists the nodes that `cluster up` would remove from a cluster of infra/, as CLUSTER/NODE. Of a file with problems
 * there are none: `cluster up` refuses it.
 */
export async function listRecordedLeavingNodes(cluster: string): Promise<string[]> {
  const opened = await findRecordedStack("mixcpt-infra", cluster);
  const config = findClusterConfig(cluster);
  if (opened === undefined || config === undefined) return [];
  const leaving = listLeavingNodes(await fetchRecordedResources(opened), { stack: cluster, config });
  return leaving.map(({ name }) => `${cluster}/${name}`);
}

async function hasResources({ project, stack }: DeletedStackFile): Promise<boolean> {
  const opened = await findRecordedStack(project, stack);
  return opened !== undefined && (await fetchRecordedResources(opened)).length > 0;
}

/** Lists the stacks whose file was deleted and that still have objects: experiments before the clusters they run on. */
export async function listStacksToRemove(): Promise<DeletedStackFile[]> {
  const files = listDeletedStackFiles();
  const remaining: DeletedStackFile[] = [];
  for (const file of files) if (await hasResources(file)) remaining.push(file);
  return [
    ...remaining.filter(({ project }) => project === "mixcpt"),
    ...remaining.filter(({ project }) => project !== "mixcpt"),
  ];
}
