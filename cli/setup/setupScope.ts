import { defineClusterImagesTask } from "./clusterImages.ts";
import type { GoSetName } from "./goPrograms.ts";
import { goProgramSets, defineGoTask } from "./goPrograms.ts";
import { hostRootTask } from "./hostRoot.ts";
import { defineManifestsTask } from "./manifestsTask.ts";
import { defineNodeSoftwareTask } from "./nodeSoftware.ts";
import type { SetupTask } from "./setupTask.ts";
import { isTaskComplete } from "./setupTask.ts";
import { defineWorkImagesTask } from "./workImages.ts";

/**
 * The extent of setup: everything including nodes and images, or only the client of a cluster that someone else runs:
 * the Pulumi CLI, kubectl and the controllers' manifests. A client requires neither root nor Debian.
 */
export type SetupScope = "all" | "client";

/** Lanes that run in parallel; the tasks of a lane run in order. */
export type TaskLanes = readonly (readonly SetupTask[])[];

/**
 * Sets of programs by lane. One lane compiles while the other downloads its modules or links, which keeps two cores
 * busy; sets that share packages are in one lane, so that none compiles twice.
 */
const compileLanes: Readonly<Record<SetupScope, readonly (readonly GoSetName[])[]>> = {
  client: [["kubectl"], ["pulumi"]],
  all: [
    ["kubernetes", "kubectl", "pulumi"],
    ["etcd", "cni", "pause", "containerd", "coredns", "kueue", "jobset", "trainer"],
  ],
};

/** Lists the phases of setup: first what compiles beside what mostly downloads, then what combines both. */
export function listTaskPhases(scope: SetupScope): readonly TaskLanes[] {
  const lanes = compileLanes[scope].map((sets) => sets.map(defineGoTask));
  if (scope === "client") return [lanes, [[defineManifestsTask()]]];
  return [
    [...lanes, [hostRootTask, defineWorkImagesTask()]],
    [[defineManifestsTask(), defineClusterImagesTask(), defineNodeSoftwareTask()]],
  ];
}

export function listMissingTasks(scope: SetupScope): SetupTask[] {
  return listTaskPhases(scope)
    .flat(2)
    .filter((task) => !isTaskComplete(task));
}

/**
 * Estimates the peak disk usage of the missing tasks, in GB (10^9 bytes). Measured for all tasks: 21 GB, most of it
 * Go's caches, which are removed at the end.
 */
export function estimateSpaceGB(missing: readonly SetupTask[], scope: SetupScope): number {
  if (missing.length === 0) return 0;
  if (scope === "client") return 10;
  const compiled = (Object.keys(goProgramSets) as GoSetName[]).map((set) => defineGoTask(set).output);
  return missing.some(({ output }) => compiled.includes(output)) ? 25 : 8;
}
