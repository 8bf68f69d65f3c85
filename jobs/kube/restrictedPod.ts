import type {
  Container,
  EnvVar,
  PodSpec,
  ResourceRequirements,
  Volume,
  VolumeMount,
} from "kubernetes-types/core/v1.js";
import { deviceResource } from "../hardware/gpuCatalog.ts";

/** User that every image runs as and that owns the store. */
const podUserId = 1000;

export interface PodResources {
  /** Kubernetes quantity. A request without a limit: a pod may use idle cores. */
  readonly cpu: string;
  /** Kubernetes quantity. Request and limit are equal, so the requested memory is always available. */
  readonly memory: string;
  /** Number of `amd.com/gpu` devices. */
  readonly devices?: number;
}

export interface StoreVolume {
  readonly claim: string;
  readonly mount: string;
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
  /** Size of /dev/shm, a Kubernetes quantity; it counts toward the memory of the container. */
  readonly sharedMemory?: string;
  /** Ids of supplementary groups, which may open the host's GPU devices. */
  readonly groups?: readonly number[];
  /** Service account of a pod that calls the API server; other pods mount no token. */
  readonly serviceAccount?: string;
}

const scratchDirectory = "/tmp";

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

export function buildResourceRequirements({ cpu, memory, devices }: PodResources): ResourceRequirements {
  const gpu = devices === undefined ? {} : { [deviceResource]: String(devices) };
  return { requests: { cpu, memory, ...gpu }, limits: { memory, ...gpu } };
}

interface MountedVolume {
  readonly volume: Volume;
  readonly mount: VolumeMount;
}

function listMountedVolumes(work: PodSpecInput): MountedVolume[] {
  const store: MountedVolume = {
    volume: { name: "store", persistentVolumeClaim: { claimName: work.store.claim } },
    mount: { name: "store", mountPath: work.store.mount },
  };
  const tmp: MountedVolume = {
    volume: { name: "tmp", emptyDir: {} },
    mount: { name: "tmp", mountPath: scratchDirectory },
  };
  if (work.sharedMemory === undefined) return [store, tmp];
  const shm: MountedVolume = {
    volume: { name: "shm", emptyDir: { medium: "Memory", sizeLimit: work.sharedMemory } },
    mount: { name: "shm", mountPath: "/dev/shm" },
  };
  return [store, tmp, shm];
}

function buildContainer(work: PodSpecInput, volumeMounts: VolumeMount[]): Container {
  return {
    name: work.name,
    image: work.image,
    imagePullPolicy: "IfNotPresent",
    ...(work.command && { command: [...work.command] }),
    ...(work.args && { args: [...work.args] }),
    env: [
      ...buildEnvVars({ HOME: scratchDirectory, ...work.env }),
      ...buildFieldEnvVars(work.fields ?? {}),
      ...buildSecretEnvVars(work.secrets ?? {}),
      buildCoreCountVar(work.name),
    ],
    workingDir: scratchDirectory,
    resources: buildResourceRequirements(work.resources),
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    volumeMounts,
  };
}

/**
 * Builds the only kind of pod that this project runs. It passes Pod Security `restricted`, writes only to the store,
 * /tmp and /dev/shm, and is replaced by its Job instead of being restarted in place.
 */
export function buildRestrictedPod(work: PodSpecInput): PodSpec {
  const mounted = listMountedVolumes(work);
  return {
    restartPolicy: "Never",
    ...(work.serviceAccount !== undefined && { serviceAccountName: work.serviceAccount }),
    automountServiceAccountToken: work.serviceAccount !== undefined,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: podUserId,
      runAsGroup: podUserId,
      ...(work.groups !== undefined && work.groups.length > 0 && { supplementalGroups: [...work.groups] }),
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      buildContainer(
        work,
        mounted.map(({ mount }) => mount),
      ),
    ],
    volumes: mounted.map(({ volume }) => volume),
  };
}
