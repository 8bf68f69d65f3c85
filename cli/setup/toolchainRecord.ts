import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { NodeSoftware, Toolchain } from "../../workspace/toolchain.ts";
import { toolchainFile } from "../../workspace/toolchain.ts";
import { defineClusterImagesTask, formatControllerImage, readEtcdTag } from "./clusterImages.ts";
import { resolveProgramsFolder, readPinnedVersion } from "./goPrograms.ts";
import { hostRootTask, hostRootSubfolder } from "./hostRoot.ts";
import { defineManifestsTask } from "./manifestsTask.ts";
import { defineNodeSoftwareTask } from "./nodeSoftware.ts";
import { listMissingTasks } from "./setupScope.ts";
import { resolveTaskPath } from "./setupTask.ts";
import { readWorkImageRefs } from "./workImageRefs.ts";
import { workLayoutSubfolder, defineWorkImagesTask } from "./workImages.ts";

function resolveManifestFile(name: string): string {
  return resolve(resolveTaskPath(defineManifestsTask()), `${name}.json`);
}

function describeNodeSoftware(): NodeSoftware {
  return {
    hostRoot: resolve(resolveTaskPath(hostRootTask), hostRootSubfolder),
    nodeSoftware: resolveTaskPath(defineNodeSoftwareTask()),
    clusterImages: resolveTaskPath(defineClusterImagesTask()),
    workImages: resolve(resolveTaskPath(defineWorkImagesTask()), workLayoutSubfolder),
    images: readWorkImageRefs(),
    controllers: {
      kueue: formatControllerImage("kueue"),
      jobset: formatControllerImage("jobset"),
      trainer: formatControllerImage("trainer"),
    },
    kubernetesVersion: readPinnedVersion("kubernetes"),
    etcdVersion: readEtcdTag(),
    corednsVersion: readPinnedVersion("coredns"),
  };
}

/** Describes the toolchain in the cache: the client, and the software of nodes if that is complete, too. */
function describeToolchain(): Toolchain {
  const manifests = {
    kueue: resolveManifestFile("kueue"),
    jobset: resolveManifestFile("jobset"),
    trainer: resolveManifestFile("trainer"),
  };
  const clientPrograms = [resolveProgramsFolder("pulumi"), resolveProgramsFolder("kubectl")];
  if (listMissingTasks("all").length > 0) return { programs: clientPrograms, manifests };
  return {
    programs: [...clientPrograms, resolveProgramsFolder("kubernetes"), resolveProgramsFolder("etcd")],
    manifests,
    nodes: describeNodeSoftware(),
  };
}

/** Records in this checkout the paths of all outputs of setup. */
export function recordToolchain(): void {
  mkdirSync(dirname(toolchainFile), { recursive: true });
  writeFileSync(`${toolchainFile}.partial`, `${JSON.stringify(describeToolchain(), undefined, 2)}\n`);
  renameSync(`${toolchainFile}.partial`, toolchainFile);
}
