/** The order in which the objects of a platform must be applied, as files and as Argo CD's sync waves. */

export interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** Objects that are applied together, once those of the files before them are there and ready. */
interface ApplicationStep {
  readonly file: string;
  readonly title: string;
  readonly includes: (object: RenderedObject) => boolean;
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
    title: "controllers, store, roles and network policies",
    includes: ({ apiVersion, kind }) => !definitionKinds.includes(kind) && !hasControllerKind(apiVersion),
  },
  {
    file: "3-queues.yaml",
    title: "queues and the training runtime, which the running controllers check",
    includes: ({ apiVersion }) => hasControllerKind(apiVersion),
  },
];

function hasControllerKind(apiVersion: string): boolean {
  return /^(kueue\.x-k8s\.io|trainer\.kubeflow\.org)\//.test(apiVersion);
}

/** A kind that needs none of the others comes first. */
function rankKind({ kind }: RenderedObject): number {
  return queueKinds.indexOf(kind) + 1;
}

/** Sets the wave in which Argo CD applies an object; it waits until all objects of a wave are healthy. */
function setSyncWave(object: RenderedObject, wave: number): RenderedObject {
  const annotations = { ...object.metadata.annotations, "argocd.argoproj.io/sync-wave": String(wave) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** Divides objects among the files in which they are applied one file after the other, and from top to bottom. */
export function orderObjects(objects: readonly RenderedObject[]) {
  return steps
    .map(({ file, title, includes }, step) => ({
      file,
      title,
      objects: objects
        .filter(includes)
        .sort((a, b) => rankKind(a) - rankKind(b))
        .map((object) => setSyncWave(object, step + rankKind(object))),
    }))
    .filter(({ objects: group }) => group.length > 0);
}
