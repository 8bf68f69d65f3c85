import type {
  Affinity,
  Container,
  EnvVar,
  PodSecurityContext,
  PodSpec,
  ResourceRequirements,
  VolumeMount,
} from "kubernetes-types/core/v1.js";
import { deviceIdLabel, deviceResource } from "../hardware/gpuCatalog.ts";
import type { NodeLabels } from "./clusterOutputs.ts";
import { scratchDirectory, userVariables } from "./podEnvironment.ts";
import type { PodSettings } from "./podSettings.ts";
import { selectPlacement } from "./podSettings.ts";
import { listMountedVolumes } from "./podVolumes.ts";
import { buildStoreVars } from "./storeIdentity.ts";
import type { StoreVolume, WritableStore } from "./storeMounts.ts";
import {
  buildFoldersCommand,
  foldersContainerName,
  listStoreMounts,
  mountsWholeStore,
  buildStoreVolume,
} from "./storeMounts.ts";

/** User that every image runs as, and that owns the store unless the cluster's file names another. */
const podUserId = 1000;

export interface PodResources {
  /** Kubernetes quantity. A request without a limit: a pod may use idle cores. */
  readonly cpu: string;
  /** Kubernetes quantity. Request and limit are equal, so the requested memory is always available. */
  readonly memory: string;
  /** Number of `amd.com/gpu` devices. */
  readonly devices?: number;
  /** Further resources by name, such as `rdma/hca`. Request and limit are equal. */
  readonly others?: Readonly<Record<string, string>>;
}

export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

export interface PodSpecInput {
  /** Name of the container. */
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Variables whose values are fields of the pod, such as an annotation that its Job sets. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Variables whose values come from a Secret of the namespace. */
  readonly secrets?: Readonly<Record<string, SecretKey>>;
  readonly resources: PodResources;
  readonly store: StoreVolume;
  /** The part of the store that the work can write to; all if omitted. */
  readonly writes?: WritableStore;
  /** Size of /dev/shm, a Kubernetes quantity; it counts toward the memory of the container. */
  readonly sharedMemory?: string;
  /** Labels that the node must have; omitted if any node will do. */
  readonly nodes?: NodeLabels;
  /** Ids of supplementary groups, which may open the host's GPU devices. */
  readonly groups?: readonly number[];
  /** Service account of a pod that calls the API server; other pods mount no token. */
  readonly serviceAccount?: string;
  /** Prefers nodes without devices, which others then keep for work that needs them. */
  readonly avoidsDevices?: boolean;
  /** Additions of the cluster to pods of this kind of work. */
  readonly settings?: PodSettings;
}

export function buildEnvVars(values: Readonly<Record<string, string>>): EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function buildSecretEnvVars(secrets: Readonly<Record<string, SecretKey>>): EnvVar[] {
  return Object.entries(secrets).map(([name, secretKeyRef]) => ({ name, valueFrom: { secretKeyRef } }));
}

function buildFieldEnvVars(fields: Readonly<Record<string, string>>): EnvVar[] {
  return Object.entries(fields).map(([name, fieldPath]) => ({ name, valueFrom: { fieldRef: { fieldPath } } }));
}

/**
 * Builds the variable with the requested cores, rounded up to whole ones. Without a CPU limit, programs would otherwise
 * see all cores of the node.
 */
function buildCoreCountVar(containerName: string): EnvVar {
  return { name: "MIXCPT_CPUS", valueFrom: { resourceFieldRef: { containerName, resource: "requests.cpu" } } };
}

/** Replaces requests by those that a cluster sets, and adds its further resources. */
export function applyPodSettings(
  request: PodResources,
  { cpus, memoryGiB, resources: others }: PodSettings = {},
): PodResources {
  return {
    ...request,
    ...(cpus !== undefined && { cpu: String(cpus) }),
    ...(memoryGiB !== undefined && { memory: `${String(memoryGiB)}Gi` }),
    ...(others && { others }),
  };
}

export function buildResourceRequirements({ cpu, memory, devices, others }: PodResources): ResourceRequirements {
  const limits = { memory, ...(devices !== undefined && { [deviceResource]: String(devices) }), ...others };
  return { requests: { cpu, ...limits }, limits };
}

/** Returns the part of the store that a pod can write to. Where pods mount it whole, folders need not be made. */
function selectWritableStore({ writes = "all", settings }: PodSpecInput): WritableStore {
  return typeof writes === "object" && mountsWholeStore(settings) ? "all" : writes;
}

function buildContainer(work: PodSpecInput, volumeMounts: VolumeMount[]): Container {
  return {
    name: work.name,
    image: work.image,
    imagePullPolicy: "IfNotPresent",
    ...(work.command && { command: [...work.command] }),
    ...(work.args && { args: [...work.args] }),
    env: [
      ...buildEnvVars({ ...userVariables, ...work.env, ...work.settings?.env }),
      ...buildFieldEnvVars(work.fields ?? {}),
      ...buildSecretEnvVars(work.secrets ?? {}),
      ...buildStoreVars(work.store.mount),
      buildCoreCountVar(work.name),
    ],
    workingDir: scratchDirectory,
    resources: buildResourceRequirements(applyPodSettings(work.resources, work.settings)),
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    volumeMounts,
  };
}

/** A shell that makes folders, in the place of the pod's own program. */
const folderResources: PodResources = { cpu: "10m", memory: "32Mi" };

/** Builds the container that makes the folders to which the pod can write. It alone can write to all of the store. */
function buildFolderContainers(work: PodSpecInput): Container[] {
  const writable = selectWritableStore(work);
  if (typeof writable === "string") return [];
  const { settings, fields, store } = work;
  const maker: PodSpecInput = {
    name: foldersContainerName,
    image: writable.image,
    command: buildFoldersCommand(writable),
    resources: folderResources,
    store,
    ...(fields && { fields }),
    settings: selectPlacement(settings),
  };
  return [buildContainer(maker, listStoreMounts(store, "all"))];
}

/** Builds the affinity to nodes with these labels. Kueue respects it, too. */
function buildNodeAffinity(nodes: NodeLabels): Affinity {
  const matchExpressions = Object.entries(nodes).map(([key, values]) => ({ key, operator: "In", values: [...values] }));
  return {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  };
}

/** GPU nodes have the label of AMD's node labeller. If all nodes have it, the preference changes nothing. */
const awayFromDevices: Affinity = {
  nodeAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 100, preference: { matchExpressions: [{ key: deviceIdLabel, operator: "DoesNotExist" }] } },
    ],
  },
};

/** Builds the part of a pod that chooses its node and the network. */
function buildPlacement({ nodes, avoidsDevices = false, settings = {} }: PodSpecInput): Partial<PodSpec> {
  const { nodeSelector, tolerations, hostNetwork = false } = settings;
  return {
    ...(nodes !== undefined && { affinity: buildNodeAffinity(nodes) }),
    ...(avoidsDevices && { affinity: awayFromDevices }),
    ...(nodeSelector && { nodeSelector }),
    ...(tolerations && { tolerations }),
    // With the node's own name server, pods would not find the first pod of a training by its name.
    ...(hostNetwork && { hostNetwork, dnsPolicy: "ClusterFirstWithHostNet" }),
  };
}

/** Builds the security context of a pod. Volumes whose files have the group already are not changed recursively. */
function buildPodSecurityContext({ groups = [], settings = {} }: PodSpecInput): PodSecurityContext {
  const { runAsUser = podUserId, runAsGroup = podUserId, fsGroup, supplementalGroups = [] } = settings.user ?? {};
  const allGroups = [...new Set([...groups, ...supplementalGroups])];
  return {
    runAsNonRoot: true,
    runAsUser,
    runAsGroup,
    ...(fsGroup !== undefined && { fsGroup, fsGroupChangePolicy: "OnRootMismatch" }),
    ...(allGroups.length > 0 && { supplementalGroups: allGroups }),
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/**
 * Builds the only kind of pod that this project runs. It passes Pod Security `restricted`, writes only to the store
 * (if its work does), /tmp, /dev/shm and huge pages, and is replaced by its Job instead of being restarted in place.
 */
export function buildRestrictedPod(work: PodSpecInput): PodSpec {
  const mounted = listMountedVolumes(work);
  const initContainers = buildFolderContainers(work);
  const storeMounts = listStoreMounts(work.store, selectWritableStore(work));
  return {
    restartPolicy: "Never",
    ...(work.serviceAccount !== undefined && { serviceAccountName: work.serviceAccount }),
    automountServiceAccountToken: work.serviceAccount !== undefined,
    enableServiceLinks: false,
    ...buildPlacement(work),
    securityContext: buildPodSecurityContext(work),
    ...(initContainers.length > 0 && { initContainers }),
    containers: [buildContainer(work, [...storeMounts, ...mounted.map(({ mount }) => mount)])],
    volumes: [buildStoreVolume(work.store), ...mounted.map(({ volume }) => volume)],
  };
}
