import type { KubernetesObject } from "./kueueWebhooks.ts";

interface Deployment extends KubernetesObject {
  spec: { template: { spec: { containers: { image: string }[] } } };
}

const isDeployment = (object: KubernetesObject): object is Deployment => object.kind === "Deployment";

/** A controller's Deployment with another image; every other object, and all where no image is given, as it is. */
export function replaceControllerImage(object: KubernetesObject, image: string | undefined): KubernetesObject {
  if (image === undefined || !isDeployment(object)) return object;
  const { spec } = object;
  const { template } = spec;
  const containers = template.spec.containers.map((container) => ({ ...container, image }));
  return { ...object, spec: { ...spec, template: { ...template, spec: { ...template.spec, containers } } } } as Deployment;
}
