import type { Container, EnvVar, PodSpec, ResourceRequirements, Volume, VolumeMount } from "kubernetes-types/core/v1.js";
import { deviceResource } from "../hardware/catalogue.ts";

/** Every image runs as this user; the store belongs to it. */
export const userId = 1000;

export interface Resources {
  /** Kubernetes quantity. Asked for but not a limit: a pod may use a core that is idle. */
  cpu: string;
  /** Kubernetes quantity, both asked for and the limit: what is promised is there. */
  memory: string;
  /** `amd.com/gpu` devices. */
  devices?: number;
}

export interface Store {
  claim: string;
  mount: string;
}

export interface SecretKey {
  name: string;
  key: string;
}

export interface Work {
  /** Name of the container. */
  name: string;
  image: string;
  command?: readonly string[];
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Variables whose values only a Secret of the namespace knows. */
  secrets?: Readonly<Record<string, SecretKey>>;
  resources: Resources;
  store: Store;
  /** Size of /dev/shm, a Kubernetes quantity; it counts as memory of the container. */
  sharedMemory?: string;
  /** Ids of further groups: those that may open the host's GPU devices. */
  groups?: readonly number[];
  /** Only a pod that talks to the API server names one; all others carry no token. */
  serviceAccount?: string;
}

const scratch = "/tmp";

export function environment(values: Readonly<Record<string, string>>): EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function secretEnvironment(secrets: Readonly<Record<string, SecretKey>>): EnvVar[] {
  return Object.entries(secrets).map(([name, secretKeyRef]) => ({ name, valueFrom: { secretKeyRef } }));
}

/** What the container asks for, in whole cores and rounded up: without a limit, its programs see all of the node's. */
function ownCores(containerName: string): EnvVar {
  return { name: "MIXCPT_CPUS", valueFrom: { resourceFieldRef: { containerName, resource: "requests.cpu" } } };
}

export function resourceRequirements({ cpu, memory, devices }: Resources): ResourceRequirements {
  const gpu = devices === undefined ? {} : { [deviceResource]: String(devices) };
  return { requests: { cpu, memory, ...gpu }, limits: { memory, ...gpu } };
}

interface Place {
  volume: Volume;
  mount: VolumeMount;
}

function places(work: Work): Place[] {
  const store: Place = {
    volume: { name: "store", persistentVolumeClaim: { claimName: work.store.claim } },
    mount: { name: "store", mountPath: work.store.mount },
  };
  const tmp: Place = { volume: { name: "tmp", emptyDir: {} }, mount: { name: "tmp", mountPath: scratch } };
  if (work.sharedMemory === undefined) return [store, tmp];
  const shm: Place = {
    volume: { name: "shm", emptyDir: { medium: "Memory", sizeLimit: work.sharedMemory } },
    mount: { name: "shm", mountPath: "/dev/shm" },
  };
  return [store, tmp, shm];
}

function container(work: Work, volumeMounts: VolumeMount[]): Container {
  return {
    name: work.name,
    image: work.image,
    imagePullPolicy: "IfNotPresent",
    ...(work.command && { command: [...work.command] }),
    ...(work.args && { args: [...work.args] }),
    env: [...environment({ HOME: scratch, ...work.env }), ...secretEnvironment(work.secrets ?? {}), ownCores(work.name)],
    workingDir: scratch,
    resources: resourceRequirements(work.resources),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts,
  };
}

/**
 * The one kind of pod that this project runs: it passes Pod Security `restricted`, writes to the store, to /tmp
 * and to /dev/shm only, and is replaced by its Job rather than restarted in place.
 */
export function restrictedPod(work: Work): PodSpec {
  const used = places(work);
  return {
    restartPolicy: "Never",
    ...(work.serviceAccount !== undefined && { serviceAccountName: work.serviceAccount }),
    automountServiceAccountToken: work.serviceAccount !== undefined,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      ...(work.groups !== undefined && work.groups.length > 0 && { supplementalGroups: [...work.groups] }),
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [container(work, used.map(({ mount }) => mount))],
    volumes: used.map(({ volume }) => volume),
  };
}
