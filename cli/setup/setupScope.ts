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

const clientPrograms: readonly GoSetName[] = ["kubectl", "pulumi"];

/** Lists the phases of setup: first a lane that compiles beside one that mostly downloads, then what combines both. */
export function listTaskPhases(scope: SetupScope): readonly TaskLanes[] {
  if (scope === "client") return [[clientPrograms.map(defineGoTask)], [[defineManifestsTask()]]];
  const compileLane = (Object.keys(goProgramSets) as GoSetName[]).map(defineGoTask);
  return [
    [compileLane, [hostRootTask, defineWorkImagesTask()]],
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
