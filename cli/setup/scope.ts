import { clusterImagesStep } from "./clusterImages.ts";
import type { GoSet } from "./goPrograms.ts";
import { goPrograms, goStep } from "./goPrograms.ts";
import { hostRoot } from "./hostRoot.ts";
import { manifestsStep } from "./manifests.ts";
import { nodeSoftwareStep } from "./nodeSoftware.ts";
import type { Step } from "./step.ts";
import { isMade } from "./step.ts";
import { workImagesStep } from "./workImages.ts";

/**
 * How much is built: all of it, down to nodes and images; or only the client, which talks to a cluster that somebody else
 * runs: the Pulumi CLI, kubectl and the controllers' manifests. A client needs neither root nor Debian.
 */
export type Scope = "all" | "client";

/** Lanes whose steps are made one after the other, the lanes side by side. */
export type Lanes = readonly (readonly Step[])[];

const clientPrograms: readonly GoSet[] = ["kubectl", "pulumi"];

/** Two lanes that share the machine, one compiles and one mostly downloads; then what is put together from what they made. */
export function stages(scope: Scope): readonly Lanes[] {
  if (scope === "client") return [[clientPrograms.map(goStep)], [[manifestsStep()]]];
  const building = (Object.keys(goPrograms) as GoSet[]).map(goStep);
  return [[building, [hostRoot, workImagesStep()]], [[manifestsStep(), clusterImagesStep(), nodeSoftwareStep()]]];
}

export const missingSteps = (scope: Scope): Step[] => stages(scope).flat(2).filter((step) => !isMade(step));

/**
 * Space that building the missing steps takes at its highest, in GB (10^9 bytes): 21 were seen for all of them, most of it
 * Go's caches, which are removed at the end.
 */
export function spaceGB(missing: readonly Step[], scope: Scope): number {
  if (missing.length === 0) return 0;
  if (scope === "client") return 10;
  const compiled = (Object.keys(goPrograms) as GoSet[]).map((set) => goStep(set).title);
  return missing.some(({ title }) => compiled.includes(title)) ? 25 : 8;
}
