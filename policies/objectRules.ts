import { pinnedImagePattern, unbuiltImagePattern } from "./pinnedImages.ts";
import type { CheckedContainer, CheckedResources, PodTemplate } from "./podTemplates.ts";
import { findPodTemplates, listContainers } from "./podTemplates.ts";

/** A Kubernetes object, as a manifest or as the inputs of a Pulumi resource. */
export interface CheckedObject {
  readonly kind?: unknown;
  readonly spec?: unknown;
}

/** A rule for the objects of an experiments stack. */
interface ObjectRule {
  /** Lower case with hyphens; policy packs and messages use it. */
  readonly name: string;
  readonly description: string;
  /** Lists what breaks the rule, with its place in the object. */
  readonly check: (object: CheckedObject) => string[];
}

const deviceResource = "amd.com/gpu";
const queueLabel = "kueue.x-k8s.io/queue-name";

/** Our assumption, as a limit for mistakes: 8 nodes of 8 devices. A cell of the study takes one such node. */
const maxDevicesPerRun = 64;

/** The trainer of a TrainJob, whose pods come from a runtime. */
interface CheckedTrainer {
  readonly image?: string;
  readonly numNodes?: number;
  readonly resourcesPerNode?: CheckedResources;
}

function findTrainer({ spec }: CheckedObject): CheckedTrainer | undefined {
  return (spec as { trainer?: CheckedTrainer } | undefined)?.trainer;
}

/** Every container of an object, and the trainer of a TrainJob, with their places. */
function listPlacedContainers(object: CheckedObject): (readonly [string, CheckedContainer])[] {
  const { image, resourcesPerNode } = findTrainer(object) ?? {};
  const trainer = { ...(image !== undefined && { image }), ...(resourcesPerNode && { resources: resourcesPerNode }) };
  return [
    ...(findTrainer(object) === undefined ? [] : [["spec.trainer", trainer] as const]),
    ...findPodTemplates(object).flatMap((pod) =>
      listContainers(pod).map((container) => [`${pod.path}: container ${container.name ?? ""}`, container] as const),
    ),
  ];
}

type SecurityContext = NonNullable<CheckedContainer["securityContext"]>;

const requiredSecurity =
  '"runAsNonRoot: true", "seccompProfile.type: RuntimeDefault" and no "runAsUser: 0" for the pod';

function readProfileType({ seccompProfile }: SecurityContext): unknown {
  return (seccompProfile as { type?: unknown } | null | undefined)?.type;
}

function isRestrictedPod({ spec: { securityContext = {} } }: PodTemplate): boolean {
  const { runAsNonRoot, runAsUser } = securityContext;
  return runAsNonRoot === true && runAsUser !== 0 && readProfileType(securityContext) === "RuntimeDefault";
}

/** The level "restricted" allows a container to add this capability alone. */
const allowedCapability = "NET_BIND_SERVICE";

function hasRestrictedCapabilities({ capabilities }: SecurityContext): boolean {
  const { add, drop } = (capabilities ?? {}) as { add?: unknown; drop?: unknown };
  const added: unknown[] = Array.isArray(add) ? add : [];
  return Array.isArray(drop) && drop.includes("ALL") && added.every((capability) => capability === allowedCapability);
}

/** A container may not take back what its pod has. */
function keepsPodSecurity(context: SecurityContext): boolean {
  return context["runAsNonRoot"] !== false && context["runAsUser"] !== 0 && readProfileType(context) !== "Unconfined";
}

function isRestrictedContainer({ securityContext = {} }: CheckedContainer): boolean {
  return (
    securityContext["allowPrivilegeEscalation"] === false &&
    securityContext["privileged"] !== true &&
    hasRestrictedCapabilities(securityContext) &&
    keepsPodSecurity(securityContext)
  );
}

/** A patch may not touch what makes the runtime's pods restricted. */
function checkPatchSecurity(pod: PodTemplate): string[] {
  const isTouched = [pod.spec, ...listContainers(pod)].some(({ securityContext }) => securityContext !== undefined);
  return isTouched ? [`${pod.path}: a patch sets a securityContext; leave it to the training runtime`] : [];
}

function checkPodSecurity(pod: PodTemplate): string[] {
  if (pod.isPatch) return checkPatchSecurity(pod);
  return [
    ...(isRestrictedPod(pod) ? [] : [`${pod.path}: must have ${requiredSecurity}`]),
    ...listContainers(pod)
      .filter((container) => !isRestrictedContainer(container))
      .map(
        ({ name = "" }) =>
          `${pod.path}: container ${name}: must have "allowPrivilegeEscalation: false", drop all capabilities, add ` +
          `none but ${allowedCapability}, not be privileged, and keep the user and the seccomp profile of its pod`,
      ),
  ];
}

const hostFields = ["hostNetwork", "hostPID", "hostIPC"] as const;

function hasHostPort({ ports = [] }: CheckedContainer): boolean {
  return ports.some(({ hostPort = 0 }) => hostPort !== 0);
}

function checkHostAccess(pod: PodTemplate): string[] {
  const { path, spec } = pod;
  const containers = listContainers(pod).filter(hasHostPort);
  const volumes = (spec.volumes ?? []).filter(({ hostPath }) => hostPath !== undefined);
  return [
    ...hostFields.filter((field) => spec[field] === true).map((field) => `${path}: ${field} is not allowed`),
    ...volumes.map(({ name }) => `${path}: volume ${String(name)}: hostPath is not allowed; use the store's claim`),
    ...containers.map(({ name = "" }) => `${path}: container ${name}: hostPort is not allowed`),
  ];
}

/** CPU has no limit: a container may use what nobody else needs. */
function checkLimits([path, { resources = {} }]: readonly [string, CheckedContainer]): string[] {
  const { requests = {}, limits = {} } = resources;
  return [...new Set(["memory", ...Object.keys(requests)])]
    .filter((resource) => resource !== "cpu" && limits[resource] !== (requests[resource] ?? null))
    .map(
      (resource) =>
        `${path}: ${resource} is limited to ${String(limits[resource] ?? "nothing")} and requested as ` +
        `${String(requests[resource] ?? "nothing")}; both must be the same`,
    );
}

/** Patches name containers of the runtime, which has their resources. */
function isPatchPath([path]: readonly [string, CheckedContainer]): boolean {
  return path.includes("runtimePatches");
}

function countDevices({ resources = {} }: CheckedContainer): number {
  return Number(resources.limits?.[deviceResource] ?? resources.requests?.[deviceResource] ?? 0);
}

/** The replicated job of a runtime whose pods are a TrainJob's trainer, as Kubeflow Trainer defines it. */
const trainerJob = "node";

/** The pods that use devices: a TrainJob's trainer has its labels in the patch of its replicated job. */
function findUnqueuedDevices(object: CheckedObject): string[] {
  const pods = findPodTemplates(object);
  const isQueued = ({ labels }: PodTemplate): boolean => labels[queueLabel] !== undefined;
  const trainer = findTrainer(object)?.resourcesPerNode ?? {};
  const places = [
    ...(countDevices({ resources: trainer }) > 0 && !pods.some((pod) => pod.job === trainerJob && isQueued(pod))
      ? ["spec.trainer"]
      : []),
    ...pods
      .filter((pod) => !isQueued(pod) && listContainers(pod).some((one) => countDevices(one) > 0))
      .map(({ path }) => path),
  ];
  return places.map((place) => `${place}: requests ${deviceResource} without the label ${queueLabel}`);
}

/** Counts the devices that an object uses at a time. Patches of a TrainJob change the pods that its trainer counts. */
function sumDevices(object: CheckedObject): number {
  const trainer = findTrainer(object);
  const perNode = countDevices({ resources: trainer?.resourcesPerNode ?? {} });
  const others = findPodTemplates(object)
    .filter(({ isPatch }) => !isPatch)
    .flatMap((pod) => listContainers(pod).map((container) => pod.pods * countDevices(container)));
  return others.reduce((total, devices) => total + devices, perNode * (trainer?.numNodes ?? 1));
}

/** The rules that previews, deployments and the policy pack check. docs/policies.md explains them. */
export const objectRules: readonly ObjectRule[] = [
  {
    name: "restricted-pods",
    description: 'Pods satisfy the level "restricted" of the Pod Security Standards.',
    check: (object) => findPodTemplates(object).flatMap(checkPodSecurity),
  },
  {
    name: "no-host-access",
    description: "Pods use no directory, network, port or processes of their node.",
    check: (object) => findPodTemplates(object).flatMap(checkHostAccess),
  },
  {
    name: "limited-resources",
    description: "Memory and devices have a limit that is the request, so that one pod does not end another.",
    check: (object) =>
      listPlacedContainers(object)
        .filter((one) => !isPatchPath(one))
        .flatMap(checkLimits),
  },
  {
    name: "devices-through-queue",
    description: "Pods with devices wait in a queue of Kueue, which knows the quota and the priorities.",
    check: findUnqueuedDevices,
  },
  {
    name: "pinned-images",
    description: "Images have a digest, so that a run that is repeated is the same run.",
    check: (object) =>
      listPlacedContainers(object).flatMap(([path, { image }]) =>
        image === undefined || pinnedImagePattern.test(image) || unbuiltImagePattern.test(image)
          ? []
          : [`${path}: image ${image} is not pinned; name it by its digest: NAME@sha256:DIGEST`],
      ),
  },
  {
    name: "devices-per-run",
    description: `A run uses at most ${String(maxDevicesPerRun)} devices at a time.`,
    check: (object) => {
      const devices = sumDevices(object);
      const place = findTrainer(object) === undefined ? "spec" : "spec.trainer";
      const excess = `${place}: ${String(devices)} devices; at most ${String(maxDevicesPerRun)} are allowed`;
      return devices > maxDevicesPerRun ? [excess] : [];
    },
  },
];
