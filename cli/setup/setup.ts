import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { cacheDirectory } from "../../infra/environment.ts";
import type { Software } from "../../infra/software.ts";
import { softwareFile } from "../../infra/software.ts";
import { Progress } from "../terminal/progress.ts";
import { clusterImagesStep, etcdTag } from "./clusterImages.ts";
import type { GoSet } from "./goPrograms.ts";
import { goPrograms, goStep, programsOf, versionOf } from "./goPrograms.ts";
import { hostRoot, rootFolder } from "./hostRoot.ts";
import { installMissingPackages, obstacles } from "./machine.ts";
import { alone } from "./lock.ts";
import { manifestsStep } from "./manifests.ts";
import { nodeSoftwareStep } from "./nodeSoftware.ts";
import { runLogged } from "./runLogged.ts";
import type { Step } from "./step.ts";
import { isMade, make, pathOf } from "./step.ts";
import { workImageRefs } from "./workImageRefs.ts";
import { layoutFolder, workImagesStep } from "./workImages.ts";

/** Two lanes that share the machine: one compiles, one mostly downloads. */
const building = (): Step[] => (Object.keys(goPrograms) as GoSet[]).map(goStep);
const downloading = (): Step[] => [hostRoot, workImagesStep()];
/** What is put together from what the lanes made. */
const assembling = (): Step[] => [manifestsStep(), clusterImagesStep(), nodeSoftwareStep()];

export const missingSteps = (): Step[] => [...building(), ...downloading(), ...assembling()].filter((step) => !isMade(step));

/**
 * Space that building the missing steps takes at its highest, in GB (10^9 bytes): 21 were seen for all of them, most of it
 * Go's caches, which are removed at the end.
 */
export function spaceGB(missing: readonly Step[]): number {
  if (missing.length === 0) return 0;
  const compiled = building().map(({ title }) => title);
  return missing.some(({ title }) => compiled.includes(title)) ? 25 : 8;
}

/**
 * Builds whatever of the local toolchain is missing and writes down where it lies.
 * May be interrupted at any time; the next call goes on with the step that was under way.
 * @throws Error with all obstacles of this machine at once, or the log of the step that failed
 */
export async function setUp(): Promise<Software> {
  const caches = resolve(cacheDirectory(), "build");
  if (missingSteps().length > 0 || existsSync(caches)) {
    await alone(async () => {
      await build(missingSteps());
      rmSync(caches, { recursive: true, force: true });
    });
  }
  return writeSoftware();
}

async function build(missing: readonly Step[]): Promise<void> {
  if (missing.length === 0) return; // another checkout's set-up made it while this one waited
  const space = spaceGB(missing);
  refuse(obstacles(space));
  console.log(`set-up: ${String(missing.length)} steps to go; it may be interrupted, and takes up to ${String(space)} GB of disk while it lasts`);
  await installMissingPackages(runLogged(resolve(cacheDirectory(), "packages.log")));
  const progress = new Progress(missing);
  try {
    await runLanes([building(), downloading()], progress);
    await runLanes([assembling()], progress);
  } finally {
    progress.end();
  }
}

/** Makes the steps of each lane one after the other, the lanes side by side; after a failure no lane begins another step. */
async function runLanes(lanes: readonly (readonly Step[])[], progress: Progress): Promise<void> {
  const failures: unknown[] = [];
  const run = async (steps: readonly Step[]): Promise<void> => {
    for (const step of steps) {
      if (failures.length > 0) return;
      if (!isMade(step)) await progress.run(step, () => make(step)).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(lanes.map(run));
  if (failures.length === 0) return;
  const messages = failures.map((error) => (error instanceof Error ? error.message : String(error)));
  throw new Error([...messages, "when that is mended, the same command goes on with this step"].join("\n"));
}

function refuse(reasons: readonly string[]): void {
  if (reasons.length > 0) throw new Error(["set-up cannot start:", ...reasons.map((reason) => `  ${reason}`)].join("\n"));
}

function software(): Software {
  const manifest = (name: string): string => resolve(pathOf(manifestsStep()), `${name}.json`);
  return {
    programs: [programsOf("pulumi"), programsOf("kubernetes"), programsOf("etcd")],
    hostRoot: resolve(pathOf(hostRoot), rootFolder),
    nodeSoftware: pathOf(nodeSoftwareStep()),
    clusterImages: pathOf(clusterImagesStep()),
    workImages: resolve(pathOf(workImagesStep()), layoutFolder),
    images: workImageRefs(),
    manifests: { kueue: manifest("kueue"), jobset: manifest("jobset"), trainer: manifest("trainer") },
    kubernetesVersion: versionOf("kubernetes"),
    etcdVersion: etcdTag(),
    corednsVersion: versionOf("coredns"),
  };
}

function writeSoftware(): Software {
  const record = software();
  mkdirSync(dirname(softwareFile), { recursive: true });
  writeFileSync(`${softwareFile}.partial`, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(`${softwareFile}.partial`, softwareFile);
  return record;
}
