/** The fields of a container that the rules read. */
export interface CheckedContainer {
  readonly name?: string;
  readonly image?: string;
  readonly resources?: CheckedResources;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly ports?: readonly { readonly hostPort?: unknown }[];
}

export interface CheckedResources {
  readonly requests?: Readonly<Record<string, unknown>>;
  readonly limits?: Readonly<Record<string, unknown>>;
}

interface CheckedPodSpec {
  readonly containers?: readonly CheckedContainer[];
  readonly initContainers?: readonly CheckedContainer[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly [field: string]: unknown;
}

/** A template of pods inside a Kubernetes object. */
export interface PodTemplate {
  /** `spec.template.spec` */
  readonly path: string;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly spec: CheckedPodSpec;
  /** The replicated job that it belongs to; absent outside of JobSets and training runtimes. */
  readonly job?: string;
  /** How many pods it makes at a time. */
  readonly pods: number;
  /** True if it only changes the template of a training runtime, which has the rest. */
  readonly isPatch: boolean;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Fields that only the spec of a pod has, by which one without containers is recognized in a patch. */
const patchedFields = [
  "initContainers",
  "securityContext",
  "volumes",
  "hostNetwork",
  "hostPID",
  "hostIPC",
  "serviceAccountName",
];

function isPodSpec(value: unknown, isPatch: boolean): value is CheckedPodSpec {
  if (!isObject(value)) return false;
  return Array.isArray(value["containers"]) || (isPatch && patchedFields.some((field) => field in value));
}

/** The position of a value inside a Kubernetes object. */
interface ObjectPosition {
  readonly path: string;
  /** The name of the closest object around it that has one, such as a replicated job. */
  readonly job?: string;
  /** How many pods a template there makes at a time. */
  readonly pods: number;
}

function enterObject(value: Readonly<Record<string, unknown>>, { path, job, pods }: ObjectPosition): ObjectPosition {
  const { name = job, replicas = 1, parallelism = 1 } = value;
  const count = pods * Number(replicas) * Number(parallelism);
  return { path, pods: count, ...(typeof name === "string" && { job: name }) };
}

function listTemplatesAt(
  { metadata, spec }: Readonly<Record<string, unknown>>,
  { path, ...position }: ObjectPosition,
): PodTemplate[] {
  const isPatch = path.includes("runtimePatches");
  const labels = isObject(metadata) && isObject(metadata["labels"]) ? metadata["labels"] : {};
  if (isPodSpec(spec, isPatch)) return [{ ...position, path: `${path}.spec`, labels, spec, isPatch }];
  return isPatch && Object.keys(labels).length > 0 ? [{ ...position, path, labels, spec: {}, isPatch }] : [];
}

/**
 * Finds the templates of pods in an object, at any depth: Jobs, JobSets, TrainJobs and runtimes nest them differently.
 * A patch may change the labels alone, or fields of the pod without its containers.
 */
export function findPodTemplates(value: unknown, position: ObjectPosition = { path: "", pods: 1 }): PodTemplate[] {
  if (!isObject(value)) return [];
  const inside = enterObject(value, position);
  const nested = Object.entries(value).flatMap(([key, member]) =>
    findPodTemplates(member, { ...inside, path: inside.path === "" ? key : `${inside.path}.${key}` }),
  );
  return [...nested, ...listTemplatesAt(value, inside)];
}

export function listContainers({ spec: { containers = [], initContainers = [] } }: PodTemplate): CheckedContainer[] {
  return [...initContainers, ...containers];
}
