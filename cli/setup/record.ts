import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { NodeSoftware, Software } from "../../infra/software.ts";
import { softwareFile } from "../../infra/software.ts";
import { clusterImagesStep, controllerImage, etcdTag } from "./clusterImages.ts";
import { programsOf, versionOf } from "./goPrograms.ts";
import { hostRoot, rootFolder } from "./hostRoot.ts";
import { manifestsStep } from "./manifests.ts";
import { nodeSoftwareStep } from "./nodeSoftware.ts";
import { missingSteps } from "./scope.ts";
import { pathOf } from "./step.ts";
import { workImageRefs } from "./workImageRefs.ts";
import { layoutFolder, workImagesStep } from "./workImages.ts";

const manifest = (name: string): string => resolve(pathOf(manifestsStep()), `${name}.json`);

const nodes = (): NodeSoftware => ({
  hostRoot: resolve(pathOf(hostRoot), rootFolder),
  nodeSoftware: pathOf(nodeSoftwareStep()),
  clusterImages: pathOf(clusterImagesStep()),
  workImages: resolve(pathOf(workImagesStep()), layoutFolder),
  images: workImageRefs(),
  controllers: { kueue: controllerImage("kueue"), jobset: controllerImage("jobset"), trainer: controllerImage("trainer") },
  kubernetesVersion: versionOf("kubernetes"),
  etcdVersion: etcdTag(),
  corednsVersion: versionOf("coredns"),
});

/** What stands in the cache: the client, which must, and what nodes are made of where that does, too. */
function software(): Software {
  const manifests = { kueue: manifest("kueue"), jobset: manifest("jobset"), trainer: manifest("trainer") };
  if (missingSteps("all").length > 0) return { programs: [programsOf("pulumi"), programsOf("kubectl")], manifests };
  return { programs: [programsOf("pulumi"), programsOf("kubernetes"), programsOf("etcd")], manifests, nodes: nodes() };
}

/** Tells this checkout where everything lies that set-up made. */
export function recordSoftware(): void {
  mkdirSync(dirname(softwareFile), { recursive: true });
  writeFileSync(`${softwareFile}.partial`, `${JSON.stringify(software(), undefined, 2)}\n`);
  renameSync(`${softwareFile}.partial`, softwareFile);
}
