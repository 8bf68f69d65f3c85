import type {
  Container,
  EnvVar,
  PodSpec,
  ResourceRequirements,
  Volume,
  VolumeMount,
} from "kubernetes-types/core/v1.js";
import { deviceResource } from "../hardware/gpuCatalog.ts";

/** Every image runs as this user; the store belongs to it. */
export const podUserId = 1000;

export interface PodResources {
  /** Kubernetes quantity. Asked for but not a limit: a pod may use a core that is idle. */
  readonly cpu: string;
  /** Kubernetes quantity, both asked for and the limit: what is promised is there. */
  readonly memory: string;
  /** `amd.com/gpu` devices. */
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
  /** Variables whose values only a Secret of the namespace knows. */
  readonly secrets?: Readonly<Record<string, SecretKey>>;
  readonly resources: PodResources;
  readonly store: StoreVolume;
  /** Size of /dev/shm, a Kubernetes quantity; it counts as memory of the container. */
  readonly sharedMemory?: string;
  /** Ids of further groups: those that may open the host's GPU devices. */
  readonly groups?: readonly number[];
  /** Only a pod that talks to the API server names one; all others carry no token. */
  readonly serviceAccount?: string;
}

const scratchDirectory = "/tmp";

export function buildEnvVars(values: Readonly<Record<string, string>>): EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function buildSecretEnvVars(secrets: Readonly<Record<string, SecretKey>>): EnvVar[] {
  return Object.entries(secrets).map(([name, secretKeyRef]) => ({ name, valueFrom: { secretKeyRef } }));
}

/** What the container asks for, in whole cores and rounded up: without a limit, its programs see all of the node's. */
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
 * The one kind of pod that this project runs: it passes Pod Security `restricted`, writes to the store, to /tmp
 * and to /dev/shm only, and is replaced by its Job rather than restarted in place.
 */
export function buildRestrictedPod(work: PodSpecInput): PodSpec {
  const used = listMountedVolumes(work);
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
        used.map(({ mount }) => mount),
      ),
    ],
    volumes: used.map(({ volume }) => volume),
  };
}
