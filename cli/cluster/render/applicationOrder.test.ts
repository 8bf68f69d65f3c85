import type { RenderedObject } from "./applicationOrder.ts";
import { orderObjects } from "./applicationOrder.ts";

const kueue = "kueue.x-k8s.io/v1beta2";

function buildObject(apiVersion: string, kind: string): RenderedObject {
  return { apiVersion, kind, metadata: { name: kind.toLowerCase(), annotations: { site: "lab" } } };
}

const unordered = [
  buildObject(kueue, "LocalQueue"),
  buildObject(kueue, "ResourceFlavor"),
  buildObject("trainer.kubeflow.org/v1alpha1", "ClusterTrainingRuntime"),
  buildObject("apps/v1", "Deployment"),
  buildObject(kueue, "Topology"),
  buildObject("v1", "Namespace"),
  buildObject(kueue, "ClusterQueue"),
  buildObject("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
];

it("applies kinds before controllers, controllers before queues, and topologies before flavors", () => {
  const kinds = orderObjects(unordered).map(({ file, objects }) => [file, objects.map(({ kind }) => kind)]);
  expect(Object.fromEntries(kinds)).toEqual({
    "1-definitions.yaml": ["Namespace", "CustomResourceDefinition"],
    "2-platform.yaml": ["Deployment"],
    "3-queues.yaml": ["ClusterTrainingRuntime", "Topology", "ResourceFlavor", "ClusterQueue", "LocalQueue"],
  });
});

it("applies workloads of a queued namespace after the queues, because a webhook of Kueue checks them", () => {
  const monitor = { ...buildObject("apps/v1", "Deployment"), metadata: { name: "monitor", namespace: "mixcpt" } };
  const labels = { "mixcpt.io/queued": "true" };
  const namespace = { ...buildObject("v1", "Namespace"), metadata: { name: "mixcpt", labels } };
  const [, platform, queues] = orderObjects([monitor, ...unordered, namespace]);
  expect(platform?.objects.map(({ metadata }) => metadata.name)).toEqual(["deployment"]);
  expect(queues?.objects.at(-1)?.metadata).toMatchObject({
    name: "monitor",
    annotations: { "argocd.argoproj.io/sync-wave": "7" },
  });
});

it("gives the claim of the store to the last wave, because Argo CD waits until those of the others are bound", () => {
  const claim = buildObject("v1", "PersistentVolumeClaim");
  const files = orderObjects([claim, ...unordered]);
  expect(files.at(-1)?.objects.at(-1)).toMatchObject({
    kind: "PersistentVolumeClaim",
    metadata: { annotations: { "argocd.argoproj.io/sync-wave": "7" } },
  });
});

it("gives Argo CD a wave that is never earlier than that of the object before it", () => {
  const annotations = orderObjects(unordered).flatMap(({ objects }) =>
    objects.map(({ metadata }) => metadata.annotations),
  );
  const waves = annotations.map((annotation) => Number(annotation?.["argocd.argoproj.io/sync-wave"]));
  expect(waves).toEqual([0, 0, 1, 2, 3, 4, 5, 6]);
  expect(annotations.every((annotation) => annotation?.["site"] === "lab")).toBe(true);
});

it("omits files without objects", () => {
  expect(orderObjects([buildObject(kueue, "Topology")]).map(({ file }) => file)).toEqual(["3-queues.yaml"]);
});
