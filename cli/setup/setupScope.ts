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
 * How much is built: all of it, down to nodes and images; or only the client, which talks to a cluster that somebody else
 * runs: the Pulumi CLI, kubectl and the controllers' manifests. A client needs neither root nor Debian.
 */
export type SetupScope = "all" | "client";

/** Lanes whose steps are made one after the other, the lanes side by side. */
export type TaskLanes = readonly (readonly SetupTask[])[];

const clientPrograms: readonly GoSetName[] = ["kubectl", "pulumi"];

/** Two lanes that share the machine, one compiles and one mostly downloads; then what is put together from what they made. */
export function listTaskPhases(scope: SetupScope): readonly TaskLanes[] {
  if (scope === "client") return [[clientPrograms.map(defineGoTask)], [[defineManifestsTask()]]];
  const building = (Object.keys(goProgramSets) as GoSetName[]).map(defineGoTask);
  return [
    [building, [hostRootTask, defineWorkImagesTask()]],
    [[defineManifestsTask(), defineClusterImagesTask(), defineNodeSoftwareTask()]],
  ];
}

export function listMissingTasks(scope: SetupScope): SetupTask[] {
  return listTaskPhases(scope)
    .flat(2)
    .filter((step) => !isTaskComplete(step));
}

/**
 * Space that building the missing steps takes at its highest, in GB (10^9 bytes): 21 were seen for all of them, most of it
 * Go's caches, which are removed at the end.
 */
export function estimateSpaceGB(missing: readonly SetupTask[], scope: SetupScope): number {
  if (missing.length === 0) return 0;
  if (scope === "client") return 10;
  const compiled = (Object.keys(goProgramSets) as GoSetName[]).map((set) => defineGoTask(set).title);
  return missing.some(({ title }) => compiled.includes(title)) ? 25 : 8;
}
