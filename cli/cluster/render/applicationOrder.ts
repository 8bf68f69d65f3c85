/** The order in which the objects of a platform must be applied, as files and as Argo CD's sync waves. */
import { queuedNamespaceLabel } from "../../../infra/platform/experimentResources.ts";

export interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** Objects that are applied together, once those of the files before them are there and ready. */
interface ApplicationStep {
  readonly file: string;
  readonly title: string;
  /** @param isLate true if the object needs the running controllers, or objects that need them */
  readonly includes: (object: RenderedObject, isLate: boolean) => boolean;
}

const definitionKinds = ["Namespace", "CustomResourceDefinition"];

/**
 * Kinds of which one needs the other. If Kueue (0.18.3) sees a flavor before its topology, it admits nothing until it
 * is restarted.
 */
const queueKinds = ["Topology", "ResourceFlavor", "ClusterQueue", "LocalQueue"];

const steps: readonly ApplicationStep[] = [
  {
    file: "1-definitions.yaml",
    title: "namespaces and the kinds of the controllers",
    includes: ({ kind }) => definitionKinds.includes(kind),
  },
  {
    file: "2-platform.yaml",
    title: "controllers, roles and network policies",
    includes: ({ kind }, isLate) => !definitionKinds.includes(kind) && !isLate,
  },
  {
    file: "3-queues.yaml",
    title: "queues, training runtime, claim of the store and monitor, once the controllers run",
    includes: (_, isLate) => isLate,
  },
];

function listQueuedNamespaces(objects: readonly RenderedObject[]): ReadonlySet<string> {
  const isQueued = ({ kind, metadata: { labels = {} } }: RenderedObject) =>
    kind === "Namespace" && Object.entries(queuedNamespaceLabel).every(([key, value]) => labels[key] === value);
  return new Set(objects.filter(isQueued).map(({ metadata }) => metadata.name));
}

function isWorkload({ apiVersion }: RenderedObject): boolean {
  return /^(apps|batch)\//.test(apiVersion);
}

/** A claim may be unbound until a pod uses it, and Argo CD waits for all objects of a wave but the last. */
function isClaim({ kind }: RenderedObject): boolean {
  return kind === "PersistentVolumeClaim";
}

/**
 * Says which objects come after the controllers: those that a webhook of theirs checks, which are those of their kinds
 * and workloads in the namespaces that Kueue queues, and claims.
 */
function createLateFilter(objects: readonly RenderedObject[]): (object: RenderedObject) => boolean {
  const queuedNamespaces = listQueuedNamespaces(objects);
  return (object) =>
    /^(kueue\.x-k8s\.io|trainer\.kubeflow\.org)\//.test(object.apiVersion) ||
    (isWorkload(object) && queuedNamespaces.has(object.metadata.namespace ?? "")) ||
    isClaim(object);
}

/** A kind that needs none of the others comes first; claims and workloads come last: no queue waits for them. */
function rankLate(object: RenderedObject): number {
  return isWorkload(object) || isClaim(object) ? queueKinds.length + 1 : queueKinds.indexOf(object.kind) + 1;
}

/** Sets the wave in which Argo CD applies an object; it waits until all objects of a wave are healthy. */
function setSyncWave(object: RenderedObject, wave: number): RenderedObject {
  const annotations = { ...object.metadata.annotations, "argocd.argoproj.io/sync-wave": String(wave) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** Divides objects among the files in which they are applied one file after the other, and from top to bottom. */
export function orderObjects(objects: readonly RenderedObject[]) {
  const isLate = createLateFilter(objects);
  const rank = (object: RenderedObject) => (isLate(object) ? rankLate(object) : 0);
  return steps
    .map(({ file, title, includes }, step) => ({
      file,
      title,
      objects: objects
        .filter((object) => includes(object, isLate(object)))
        .sort((a, b) => rank(a) - rank(b))
        .map((object) => setSyncWave(object, step + rank(object))),
    }))
    .filter(({ objects: group }) => group.length > 0);
}
