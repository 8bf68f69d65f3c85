import { isAtLeast, parseVersion } from "../../workspace/versions.ts";
import type { ExistingConfig, TenantConfig } from "../clusterConfig.ts";
import type { GpuNode } from "./gpuNodeComparison.ts";
import { listQueueProblems } from "./queueRequirements.ts";
import type { QueueSettings } from "./queueRequirements.ts";

/** A version of a custom kind that a cluster serves, with the schema of its objects as JSON. */
export interface ServedVersion {
  readonly name: string;
  readonly schema: string;
}

/** The parts of a platform that a cluster has. A part is undefined if the user may not read it. */
export interface InstalledPlatform extends QueueSettings {
  /** Version of the API server, like `v1.36.3`. */
  readonly kubernetes: string | undefined;
  /** Served versions of the controllers' kinds, by name of the CustomResourceDefinition; none if the kind is absent. */
  readonly kinds: Readonly<Record<string, readonly ServedVersion[] | undefined>>;
  /** Images of all Deployments and DaemonSets. */
  readonly images: readonly string[] | undefined;
  readonly gpuNodes: readonly GpuNode[] | undefined;
}

interface ControllerRequirement {
  readonly title: string;
  /** The oldest version with the API that this project uses, as major.minor. */
  readonly minimum: string;
  /** Name of the CustomResourceDefinition, and the version in which this project writes its objects. */
  readonly kind: string;
  readonly version: string;
  /** A version that suffices for a tenant, whose runs have labels for Kueue, but no object of its API. */
  readonly tenantVersion?: string;
  /** A field of these objects that older controllers lack. Images with a digest do not tell their version. */
  readonly field?: string;
  /** Last part of the image's name. */
  readonly image: string;
}

export const controllerRequirements: readonly ControllerRequirement[] = [
  // Kueue serves v1beta2 since 0.15 (kubernetes-sigs/kueue issue 8018).
  {
    title: "Kueue",
    minimum: "0.15",
    kind: "clusterqueues.kueue.x-k8s.io",
    version: "v1beta2",
    tenantVersion: "v1beta1",
    image: "kueue",
  },
  // An evaluation's last job waits for several others, which JobSet allows since 0.9 (kubernetes-sigs/jobset#878).
  {
    title: "JobSet",
    minimum: "0.9",
    kind: "jobsets.jobset.x-k8s.io",
    version: "v1alpha2",
    field: "dependsOn",
    image: "jobset",
  },
  // Trainer has runtimePatches since 2.2 (kubeflow/trainer#3309).
  {
    title: "Kubeflow Trainer",
    minimum: "2.2",
    kind: "trainjobs.trainer.kubeflow.org",
    version: "v1alpha1",
    field: "runtimePatches",
    image: "trainer-controller-manager",
  },
];

/**
 * The kinds of Trainer 2.2 and JobSet 0.12 have a rule that reads the field `namespace`. It is a reserved word of CEL,
 * and Kubernetes takes such names in new rules since 1.32; older ones refuse the kinds (kubeflow/trainer#3154).
 */
export const minimumKubernetes = "1.32";

/** AMD's device plugin counts the partitions of a card as `amd.com/gpu` since 1.31 (`resource_naming_strategy`). */
const minimumPartitionPlugin = "1.31";

/** Extracts major and minor from a version or an image, such as `v1.36.3+k3s1` or `registry/kueue:v0.18.3`. */
function findVersion(text: string): string | undefined {
  return /(?:^|[:-])v?(\d+\.\d+)[^/@]*(?:@.*)?$/.exec(text)?.[1];
}

function isOlder(version: string, minimum: string): boolean {
  const oldest = parseVersion(minimum);
  return oldest !== undefined && !isAtLeast(version, oldest);
}

/** Finds the version of a controller by the tag of its image; undefined if it has a digest alone. */
function findImageVersion(images: readonly string[] = [], name: string): string | undefined {
  return images
    .filter((image) => new RegExp(`(^|/)${name}[:@]`).test(image))
    .flatMap((image) => findVersion(image) ?? [])[0];
}

const controllerAdvice = "upgrade it, or remove all controllers and set controllers: published";
const installationAdvice = "install it, or set controllers: published if no controller is there";
const tenantAdvice = "ask the cluster's administrator for it";

/** AMD's cluster-forge ships Kueue 0.13, which serves v1beta1 alone. */
const oldQueueAdvice =
  "upgrade it (in AMD's cluster-forge the version of its kueue), or let an administrator make a LocalQueue and " +
  "a claim and set kind: tenant, whose runs need no object of that version";

const newControllerAdvice =
  "it is newer than this project knows: install an older one, or use a newer commit of this project";

function adviseInstaller(
  { version, tenantVersion, minimum }: ControllerRequirement,
  served: readonly ServedVersion[],
  found: string | undefined,
): string {
  if (served.some(({ name }) => name === version)) return controllerAdvice;
  if (found !== undefined && !isOlder(found, minimum)) return newControllerAdvice;
  return served.some(({ name }) => name === tenantVersion) ? oldQueueAdvice : controllerAdvice;
}

/** True for an old version whose API a tenant does not use. */
function isTenantVersion({ tenantVersion }: ControllerRequirement, served: readonly ServedVersion[]): boolean {
  return served.some(({ name }) => name === tenantVersion);
}

function describeController(
  requirement: ControllerRequirement,
  { kinds, images }: InstalledPlatform,
  isTenant: boolean,
): string[] {
  const { title, minimum, kind, version, field, image } = requirement;
  const served = kinds[kind];
  if (served === undefined || (isTenant && isTenantVersion(requirement, served))) return [];
  const wanted = `must be at least ${minimum} and serve ${kind.replace(/^[^.]+\./, "")}/${version}`;
  if (served.length === 0)
    return [`${title}: not installed; ${wanted}; ${isTenant ? tenantAdvice : installationAdvice}`];
  const found = findImageVersion(images, image);
  const schema = served.find(({ name }) => name === version)?.schema;
  const isComplete = schema !== undefined && (field === undefined || schema.includes(`"${field}"`));
  if (isComplete && !(found !== undefined && isOlder(found, minimum))) return [];
  const versions = served.map(({ name }) => name).join(", ");
  const lack = schema !== undefined && !isComplete ? ` without ${field ?? ""}` : "";
  return [
    `${title}: found ${found ?? "an unknown version"}, which serves ${versions}${lack}; ${wanted}; ` +
      (isTenant ? tenantAdvice : adviseInstaller(requirement, served, found)),
  ];
}

/** Refuses to install controllers over those that somebody else runs for the whole cluster. */
function describeForeignController(
  { title, kind, image }: ControllerRequirement,
  platform: InstalledPlatform,
): string[] {
  if ((platform.kinds[kind] ?? []).length === 0) return [];
  const found = findImageVersion(platform.images, image) ?? "of an unknown version";
  return [
    `${title}: ${found} is installed and not by this stack, which would replace it; ` +
      "set controllers: installed, or remove it",
  ];
}

function describeKubernetes({ kubernetes }: InstalledPlatform): string[] {
  const found = findVersion(kubernetes ?? "");
  if (found === undefined || !isOlder(found, minimumKubernetes)) return [];
  return [`Kubernetes: found ${kubernetes ?? ""}; must be at least ${minimumKubernetes}; upgrade the cluster`];
}

function describeDevicePlugin({ images }: InstalledPlatform): string[] {
  const found = findImageVersion(images, "k8s-device-plugin");
  if (found === undefined || !isOlder(found, minimumPartitionPlugin)) return [];
  return [
    `AMD's device plugin: found ${found}; must be at least ${minimumPartitionPlugin} to count partitions of cards; ` +
      "upgrade it, or configure rocm",
  ];
}

function describeControllers(
  platform: InstalledPlatform,
  { config, ownsControllers, isTenant = false }: PlatformUse,
): string[] {
  if (config.controllers === "installed")
    return controllerRequirements.flatMap((requirement) => describeController(requirement, platform, isTenant));
  return ownsControllers
    ? []
    : controllerRequirements.flatMap((requirement) => describeForeignController(requirement, platform));
}

export interface PlatformUse {
  readonly config: Pick<ExistingConfig, "controllers" | "devices" | "rocm" | "queue">;
  /** True if this stack has installed the controllers itself. */
  readonly ownsControllers: boolean;
  /** True if this stack has rights in a namespace alone. */
  readonly isTenant?: boolean;
}

/** Lists what is missing on a cluster or too old for this project, with what was found, what is needed and advice. */
export function listPlatformProblems(platform: InstalledPlatform, use: PlatformUse): string[] {
  const { devices, rocm } = use.config;
  const isPartitioned = (devices.partition ?? "SPX") !== "SPX";
  return [
    ...describeKubernetes(platform),
    ...describeControllers(platform, use),
    ...listQueueProblems(platform, use),
    ...(rocm === undefined && isPartitioned ? describeDevicePlugin(platform) : []),
  ];
}

/** Lists what a tenant does without, because the administrator has not given it or the user may not read it. */
export function listTenantNotes(platform: InstalledPlatform, { priorityClasses }: Partial<TenantConfig>): string[] {
  const [queue] = controllerRequirements;
  const served = queue === undefined ? undefined : platform.kinds[queue.kind];
  const hasOldQueue = served !== undefined && served.every(({ name }) => name !== queue?.version);
  return [
    ...(priorityClasses === undefined
      ? ["work has no priority: the queue admits it in the order in which its inputs are ready (priorityClasses)"]
      : []),
    ...(platform.gpuNodes === undefined
      ? ["the user may not read nodes: their devices and room are not compared with the file"]
      : []),
    ...(hasOldQueue ? ["Kueue serves v1beta1 alone (before 0.15), with which this project is not tested"] : []),
  ];
}
