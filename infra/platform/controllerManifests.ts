export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { name: string; namespace?: string };
}

interface WebhookConfiguration extends KubernetesObject {
  readonly webhooks: { rules: { apiGroups: string[] }[]; namespaceSelector?: unknown }[];
}

function isWebhookConfiguration(object: KubernetesObject): object is WebhookConfiguration {
  return object.kind.endsWith("WebhookConfiguration");
}

/**
 * Limits Kueue's webhooks to the namespaces whose work it queues, so that only the queue stops while Kueue is down.
 * Kueue's own kinds are still checked in every namespace.
 */
export function limitWebhookNamespaces(
  object: KubernetesObject,
  matchLabels: Readonly<Record<string, string>>,
): KubernetesObject {
  if (!isWebhookConfiguration(object)) return object;
  const webhooks = object.webhooks.map((webhook) =>
    webhook.rules.every(({ apiGroups }) => apiGroups.every((group) => group === "kueue.x-k8s.io"))
      ? webhook
      : { ...webhook, namespaceSelector: { matchLabels } },
  );
  return { ...object, webhooks } as WebhookConfiguration;
}

interface Deployment extends KubernetesObject {
  readonly spec: { template: { spec: { containers: { image: string }[] } } };
}

function isDeployment(object: KubernetesObject): object is Deployment {
  return object.kind === "Deployment";
}

/** Replaces the image of a controller's Deployment; returns any other object unchanged, or all if no image is given. */
export function replaceControllerImage(object: KubernetesObject, image: string | undefined): KubernetesObject {
  if (image === undefined || !isDeployment(object)) return object;
  const { spec } = object;
  const { template } = spec;
  const containers = template.spec.containers.map((container) => ({ ...container, image }));
  return {
    ...object,
    spec: { ...spec, template: { ...template, spec: { ...template.spec, containers } } },
  } as Deployment;
}
