import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ClusterConfig, HostsConfig, LocalConfig } from "../../infra/clusterConfig.ts";
import { getControllersOrigin } from "../../infra/clusterConfig.ts";
import type { NodeSoftware, Toolchain } from "../../workspace/toolchain.ts";
import { requireNodeSoftware, toolchainFile } from "../../workspace/toolchain.ts";
import { defineCiliumImagesTask } from "./ciliumImages.ts";
import { defineCiliumManifestsTask } from "./ciliumManifests.ts";
import {
  defineClusterImagesTask,
  defineControlPlaneImagesTask,
  defineEndpointImageTask,
  formatControllerImage,
  formatEndpointImage,
  readEtcdTag,
} from "./clusterImages.ts";
import { resolveProgramsFolder, readPinnedVersion } from "./goPrograms.ts";
import { hostRootTask, hostRootSubfolder } from "./hostRoot.ts";
import { defineManifestsTask } from "./manifestsTask.ts";
import { findNeededScope, formatSetupCommand, usesCilium, usesKubeVip, usesNodeSoftware } from "./neededSoftware.ts";
import { describeNodeTrees } from "./nodeSoftware.ts";
import { listMissingTasks } from "./setupScope.ts";
import { isTaskComplete, resolveTaskPath } from "./setupTask.ts";
import { readWorkImageRefs } from "./workImageRefs.ts";
import { workLayoutSubfolder, defineWorkImagesTask } from "./workImages.ts";

function resolveManifestFile(name: string): string {
  return resolve(resolveTaskPath(defineManifestsTask()), `${name}.json`);
}

function describeManifests(): Toolchain["manifests"] {
  return {
    kueue: resolveManifestFile("kueue"),
    jobset: resolveManifestFile("jobset"),
    trainer: resolveManifestFile("trainer"),
  };
}

function describeCilium(): Pick<NodeSoftware, "ciliumManifests" | "ciliumImages"> {
  const [manifests, images] = [defineCiliumManifestsTask(), defineCiliumImagesTask()];
  const folder = resolveTaskPath(manifests);
  return {
    ...(isTaskComplete(manifests) && {
      ciliumManifests: { hosts: resolve(folder, "hosts"), local: resolve(folder, "local") },
    }),
    ...(isTaskComplete(images) && { ciliumImages: resolveTaskPath(images) }),
  };
}

function describeEndpoint(): Pick<NodeSoftware, "endpointImages" | "endpointImage"> {
  const images = defineEndpointImageTask();
  return {
    ...(isTaskComplete(images) && { endpointImages: resolveTaskPath(images) }),
    endpointImage: formatEndpointImage(),
  };
}

function describeNodeSoftware(): NodeSoftware {
  return {
    ...describeCilium(),
    ...describeEndpoint(),
    hostRoot: resolve(resolveTaskPath(hostRootTask), hostRootSubfolder),
    nodeTrees: describeNodeTrees(),
    clusterImages: resolveTaskPath(defineClusterImagesTask()),
    controlPlaneImages: resolveTaskPath(defineControlPlaneImagesTask()),
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
export function describeToolchain(): Toolchain {
  const manifests = describeManifests();
  const clientPrograms = [resolveProgramsFolder("pulumi"), resolveProgramsFolder("kubectl")];
  if (listMissingTasks("demo").length > 0) return { programs: clientPrograms, manifests };
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

type PlatformSoftware = Pick<Toolchain, "manifests" | "nodes">;

const optionalKeys = ["ciliumManifests", "ciliumImages", "endpointImages"] as const;

/** The software of this commit's nodes, without what the record lacks because its set-up had a smaller scope. */
function describeRecordedParts(recorded: NodeSoftware | undefined): NodeSoftware {
  const absent = optionalKeys.filter((key) => recorded?.[key] === undefined);
  return { ...describeNodeSoftware(), ...Object.fromEntries(absent.map((key) => [key, undefined])) };
}

function equals(one: object, other: object): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}

/** True if a record names the outputs of this commit's setup: those of its own scope, whatever else was built since. */
export function isCurrentRecord({ manifests, nodes }: Toolchain): boolean {
  const current = { manifests: describeManifests(), ...(nodes && { nodes: describeRecordedParts(nodes) }) };
  return equals({ manifests, nodes }, current);
}

/** Leaves out what only some clusters of this project's machines use, unless this is one of them. */
function selectOptionalSoftware(nodes: NodeSoftware | undefined, config: LocalConfig | HostsConfig): object {
  const { ciliumManifests, ciliumImages, endpointImages, endpointImage, ...always } = nodes ?? {};
  return {
    ...always,
    ...(usesCilium(config) && { ciliumManifests, ciliumImages }),
    ...(usesKubeVip(config) && { endpointImages, endpointImage }),
  };
}

/** The parts of the toolchain that `cluster up` uses for a configuration. */
function selectUsedSoftware({ manifests, nodes }: PlatformSoftware, config: ClusterConfig): object {
  if (config.kind === "local") return { manifests, nodes: selectOptionalSoftware(nodes, config) };
  if (config.kind === "hosts") {
    const fetched = { images: undefined, workImages: undefined, ciliumImages: undefined };
    return { manifests, nodes: { ...selectOptionalSoftware(nodes, config), ...fetched } };
  }
  const origin = getControllersOrigin(config);
  return {
    ...(origin !== "installed" && { manifests }),
    ...(origin === "built" && { controllers: nodes?.controllers }),
    ...(config.images === undefined && { images: nodes?.images }),
  };
}

/**
 * Refuses a toolchain that another commit built, so that the cluster would get images or programs other than those of
 * this commit. What it lacks is for `refuseIncompleteToolchain`.
 * @throws Error with the command that builds the current ones
 */
export function refuseStaleToolchain(recorded: Toolchain, config: ClusterConfig): void {
  const usesNodes = usesNodeSoftware(config);
  if (usesNodes) requireNodeSoftware(recorded);
  const current = {
    manifests: describeManifests(),
    ...(usesNodes && { nodes: describeRecordedParts(recorded.nodes) }),
  };
  if (equals(selectUsedSoftware(recorded, config), selectUsedSoftware(current, config))) return;
  throw new Error(
    `${toolchainFile}: built by another commit, so cluster up would install other images or programs than this ` +
      `commit's; run ${formatSetupCommand(findNeededScope(config))} again`,
  );
}
