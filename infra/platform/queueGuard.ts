/** A rule of the API server, without which a Job that names no queue takes devices past every quota. */
import { deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import type { NamedObject } from "../../jobs/kube/manifestTypes.ts";
import { partOfLabel, queueLabel } from "../../jobs/kube/objectLabels.ts";
import { formatClusterWideName } from "../../jobs/kube/platformNames.ts";
import type { PlatformNames } from "../../jobs/kube/platformNames.ts";

const apiVersion = "admissionregistration.k8s.io/v1";

/** A kind whose objects are checked, and where its pod is in them. */
interface GuardedKind {
  readonly name: string;
  readonly apiGroup: string;
  readonly resource: string;
  /** The pod or its template as CEL. */
  readonly template: string;
  /** Where the label belongs, for the message. */
  readonly place: string;
}

/** Whatever makes a pod, the pod is checked. A Job is checked, too: who submits it then sees the refusal. */
const guardedKinds: readonly GuardedKind[] = [
  { name: "pods", apiGroup: "", resource: "pods", template: "object", place: "metadata.labels of the pod" },
  {
    name: "jobs",
    apiGroup: "batch",
    resource: "jobs",
    template: "object.spec.template",
    place: "spec.template.metadata.labels of the Job",
  },
];

/** Builds the variables of a policy. Each may use those before it. */
function buildVariables(template: string): { name: string; expression: string }[] {
  const hasDevices = (amounts: string) =>
    `has(c.resources.${amounts}) && '${deviceResource}' in c.resources.${amounts}`;
  const initContainers = `has(${template}.spec.initContainers) ? ${template}.spec.initContainers : []`;
  return [
    { name: "containers", expression: `${template}.spec.containers + (${initContainers})` },
    {
      name: "asksForDevices",
      expression:
        "variables.containers.exists(c, has(c.resources) && " +
        `((${hasDevices("limits")}) || (${hasDevices("requests")})))`,
    },
    {
      name: "queue",
      expression:
        `has(${template}.metadata) && has(${template}.metadata.labels) && ` +
        `'${queueLabel}' in ${template}.metadata.labels ? ${template}.metadata.labels['${queueLabel}'] : ''`,
    },
  ];
}

function buildPolicy(
  { name, apiGroup, resource, template, place }: GuardedKind,
  { namespace, queues }: GuardInput,
): NamedObject & { readonly spec: object } {
  const allowed = [...new Set([queues.gpu, queues.cpu])];
  const list = allowed.map((queue) => `'${queue}'`).join(", ");
  const page = "docs/access.md, Devices only through the queues";
  const advice = `add the label ${queueLabel}: ${queues.gpu} to ${place}`;
  return {
    apiVersion,
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: formatClusterWideName(namespace, `queued-${name}`), labels: { [partOfLabel]: "mixcpt" } },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [{ apiGroups: [apiGroup], apiVersions: ["v1"], operations: ["CREATE"], resources: [resource] }],
      },
      variables: buildVariables(template),
      validations: [
        {
          expression: "!variables.asksForDevices || variables.queue != ''",
          message: `asks for ${deviceResource} without a queue, so that Kueue does not count it; ${advice} (${page})`,
        },
        {
          expression: `!variables.asksForDevices || variables.queue in ['', ${list}]`,
          messageExpression:
            `'asks for ${deviceResource} in the queue ' + variables.queue + ', which is not one of this namespace ` +
            `(${allowed.join(", ")}); ${advice} (${page})'`,
        },
      ],
    },
  };
}

function buildBinding(policy: NamedObject, namespace: string): NamedObject & { readonly spec: object } {
  return {
    apiVersion,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: policy.metadata,
    spec: {
      policyName: policy.metadata.name,
      validationActions: ["Deny"],
      matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } },
    },
  };
}

type GuardInput = Pick<PlatformNames, "namespace" | "queues">;

/**
 * Builds the policies of the experiments' namespace, each with its binding: a pod or Job that asks for devices must
 * name a queue of this install. Other namespaces, such as those of device plugins and controllers, are not checked.
 */
export function buildQueueGuard(input: GuardInput): (NamedObject & { readonly spec: object })[] {
  return guardedKinds.flatMap((kind) => {
    const policy = buildPolicy(kind, input);
    return [policy, buildBinding(policy, input.namespace)];
  });
}
