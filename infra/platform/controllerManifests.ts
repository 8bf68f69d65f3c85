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

interface ControllerContainer {
  readonly image: string;
  readonly args?: readonly string[];
}

interface Deployment extends KubernetesObject {
  readonly spec: { template: { spec: { containers: ControllerContainer[] } } };
}

function isDeployment(object: KubernetesObject): object is Deployment {
  return object.kind === "Deployment";
}

function changeContainers(
  object: Deployment,
  change: (container: ControllerContainer) => ControllerContainer,
): Deployment {
  const { spec } = object;
  const { template } = spec;
  const containers = template.spec.containers.map(change);
  return { ...object, spec: { ...spec, template: { ...template, spec: { ...template.spec, containers } } } };
}

/** Replaces the image of a controller's Deployment; returns any other object unchanged, or all if no image is given. */
export function replaceControllerImage(object: KubernetesObject, image: string | undefined): KubernetesObject {
  if (image === undefined || !isDeployment(object)) return object;
  return changeContainers(object, (container) => ({ ...container, image }));
}

interface PrinterColumn {
  readonly jsonPath: string;
  readonly name: string;
  readonly type: string;
}

interface TrainJobDefinition extends KubernetesObject {
  readonly spec: { versions: { additionalPrinterColumns: PrinterColumn[] }[] };
}

function isTrainJobDefinition(object: KubernetesObject): object is TrainJobDefinition {
  return object.kind === "CustomResourceDefinition" && object.metadata.name === "trainjobs.trainer.kubeflow.org";
}

const progressColumns: readonly PrinterColumn[] = [
  { jsonPath: ".status.trainerStatus.progressPercentage", name: "Progress", type: "integer" },
  { jsonPath: ".status.trainerStatus.estimatedRemainingSeconds", name: "Seconds left", type: "integer" },
];

/**
 * Lets Kubeflow Trainer take the progress of trainings, by a feature gate that is off by default (alpha in 2.3), and
 * `kubectl get trainjobs` show it.
 */
export function enableProgressReports(object: KubernetesObject): KubernetesObject {
  if (isTrainJobDefinition(object)) {
    const versions = object.spec.versions.map((version) => {
      const [state, ...others] = version.additionalPrinterColumns;
      const columns = state === undefined ? progressColumns : [state, ...progressColumns, ...others];
      return { ...version, additionalPrinterColumns: columns };
    });
    return { ...object, spec: { ...object.spec, versions } } as TrainJobDefinition;
  }
  if (!isDeployment(object)) return object;
  const gate = "--feature-gates=TrainJobStatus=true";
  return changeContainers(object, (container) => ({ ...container, args: [...(container.args ?? []), gate] }));
}
