import { defineClusterImagesTask, defineControlPlaneImagesTask, defineEndpointImageTask } from "./clusterImages.ts";
import { defineCiliumImagesTask } from "./ciliumImages.ts";
import { defineCiliumManifestsTask } from "./ciliumManifests.ts";
import type { GoSetName } from "./goPrograms.ts";
import { hostRootTask } from "./hostRoot.ts";
import { defineManifestsTask } from "./manifestsTask.ts";
import { defineNodeFilesTask, defineNodeSoftwareTask } from "./nodeSoftware.ts";
import { defineProgramTask } from "./programTask.ts";
import type { ProgramWays } from "./programWays.ts";
import type { SetupScope } from "./scopeNeeds.ts";
import { needsDebian } from "./scopeNeeds.ts";
import type { SetupTask } from "./setupTask.ts";
import { isTaskComplete } from "./setupTask.ts";
import { defineWorkImagesTask } from "./workImages.ts";

/** Lanes that run in parallel; the tasks of a lane run in order. */
export type TaskLanes = readonly (readonly SetupTask[])[];

/**
 * Sets of programs by lane. One lane compiles while the other downloads its modules or links, which keeps two cores
 * busy; sets that share packages are in one lane, so that none compiles twice. Both take about as long, and each
 * begins with what takes longest.
 */
const demoLanes = [
  ["kubernetes", "kubectl", "containerd", "etcd"],
  ["pulumi", "kueue", "jobset", "trainer", "coredns", "cni", "pause"],
] as const;

/** Cilium's manifests, which helm renders, and kube-vip are for clusters that ask for them in their file. */
const nodeLanes = [
  [...demoLanes[0], "helm"],
  [...demoLanes[1], "kube-vip"],
] as const;

const compileLanes: Readonly<Record<SetupScope, readonly (readonly GoSetName[])[]>> = {
  client: [["kubectl"], ["pulumi"]],
  images: [["kubectl"], ["pulumi"]],
  demo: demoLanes,
  all: nodeLanes,
  cilium: [...nodeLanes, ["cilium"]],
  signing: [["cosign"], ["syft", "oras"]],
};

/** The outcome of the questions that setup asks first; without it everything is built from source. */
export interface SetupChoices {
  readonly ways: ProgramWays;
  readonly pluginTasks: readonly SetupTask[];
}

const sourceChoices: SetupChoices = { ways: new Map(), pluginTasks: [] };

/** Lists the sets of programs of a scope. */
export function listProgramSets(scope: SetupScope): GoSetName[] {
  return compileLanes[scope].flat();
}

/** Divides the sets into lanes: what compiles stays in its lane, everything else has a lane each. */
function listProgramLanes(scope: SetupScope, ways: ProgramWays): SetupTask[][] {
  const compiled = compileLanes[scope].map((sets) => sets.filter((set) => !ways.has(set)));
  const fetched = listProgramSets(scope).filter((set) => ways.has(set));
  return [...compiled, ...fetched.map((set) => [set])].map((sets) => sets.map((set) => defineProgramTask(set, ways)));
}

/** Lists the tasks that make of programs what nodes need, in their order. */
function listNodeTasks(scope: SetupScope): SetupTask[] {
  const optional = scope === "demo" ? [] : [defineCiliumManifestsTask(), defineEndpointImageTask()];
  const images = [defineControlPlaneImagesTask(), defineClusterImagesTask()];
  return [defineManifestsTask(), ...optional, ...images, defineNodeSoftwareTask(), defineNodeFilesTask()];
}

/** Lists the phases of setup: first programs and what mostly downloads, then what combines them. */
export function listTaskPhases(scope: SetupScope, choices: SetupChoices = sourceChoices): readonly TaskLanes[] {
  const programLanes = listProgramLanes(scope, choices.ways);
  if (scope === "signing") return [programLanes];
  const pluginLanes = choices.pluginTasks.map((task) => [task]);
  if (scope === "client" || scope === "images") {
    const imageLanes = scope === "images" ? [[defineWorkImagesTask()]] : [];
    return [
      [...programLanes, ...imageLanes],
      [[defineManifestsTask()], ...pluginLanes],
    ];
  }
  return [
    [...programLanes, [hostRootTask, defineWorkImagesTask()]],
    [listNodeTasks(scope), ...(scope === "cilium" ? [[defineCiliumImagesTask()]] : []), ...pluginLanes],
  ];
}

export function listMissingTasks(scope: SetupScope): SetupTask[] {
  return listTaskPhases(scope)
    .flat(2)
    .filter((task) => !isTaskComplete(task));
}

/** Lists the sets of programs that are still missing. */
export function listMissingSets(scope: SetupScope): GoSetName[] {
  return listProgramSets(scope).filter((set) => !isTaskComplete(defineProgramTask(set)));
}

/**
 * Estimates the peak disk usage of the missing tasks, in GB (10^9 bytes). Measured when all programs are compiled:
 * 21 GB, most of it Go's caches, which are removed at the end.
 */
export function estimateSpaceGB(missing: readonly SetupTask[], scope: SetupScope): number {
  if (missing.length === 0) return 0;
  const minutes = missing.reduce((sum, task) => sum + (task.isCompiled === true ? task.minutes : 0), 0);
  const compilesMuch = minutes > 1;
  if (!needsDebian(scope)) return compilesMuch ? 10 : 2;
  return compilesMuch ? 25 : 8;
}
