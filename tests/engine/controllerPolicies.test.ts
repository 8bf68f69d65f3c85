/** The ports that network policies open, compared with those of the controllers' manifests that setup built. */
import { controllerOpenings } from "../../infra/network/controllerPolicies.ts";
import type { ControllerNamespace } from "../../infra/network/controllerPolicies.ts";
import { readControllerManifests } from "../support/toolchainPrograms.ts";

interface ServiceReference {
  readonly name: string;
  readonly namespace: string;
  readonly port?: number;
}

interface PodPort {
  readonly name: string;
  readonly containerPort: number;
}

/** What the fields of the kinds below have; each kind has some of them. */
interface ManifestObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly webhooks?: readonly { readonly clientConfig: { readonly service: ServiceReference } }[];
  readonly spec?: {
    /** Of an APIService. */
    readonly service?: ServiceReference;
    /** Of a Service. */
    readonly ports?: readonly { readonly port: number; readonly targetPort: number | string }[];
    /** Of a kind with several versions. */
    readonly conversion?: { readonly webhook?: { readonly clientConfig: { readonly service: ServiceReference } } };
    /** Of a Deployment. */
    readonly template?: { readonly spec: { readonly containers: readonly { readonly ports?: readonly PodPort[] }[] } };
  };
}

/** The Services that the API server calls: of webhooks, conversions and added APIs. */
function listCalledServices({ webhooks = [], spec = {} }: ManifestObject): ServiceReference[] {
  const conversion = spec.conversion?.webhook?.clientConfig.service;
  return [
    ...webhooks.map(({ clientConfig }) => clientConfig.service),
    ...(conversion === undefined ? [] : [conversion]),
    ...(spec.service === undefined ? [] : [spec.service]),
  ];
}

/** The port of the pods behind a Service. */
function resolvePodPort(objects: readonly ManifestObject[], { name, namespace, port = 443 }: ServiceReference): number {
  const isCalled = ({ kind, metadata }: ManifestObject) =>
    kind === "Service" && metadata.name === name && metadata.namespace === namespace;
  const target = objects.find(isCalled)?.spec?.ports?.find((candidate) => candidate.port === port)?.targetPort;
  if (typeof target === "number") return target;
  const containers = objects.flatMap(({ spec }) => spec?.template?.spec.containers ?? []);
  const found = containers.flatMap(({ ports = [] }) => ports).find((candidate) => candidate.name === target);
  if (found === undefined) throw new Error(`${namespace}/${name}: no pod has the port ${String(target)}`);
  return found.containerPort;
}

it.each([
  ["kueue", "kueue-system"],
  ["jobset", "jobset-system"],
  ["trainer", "kubeflow-system"],
] as const)("the policies of %s open exactly the ports that the API server calls in %s", (controller, namespace) => {
  const objects = readControllerManifests<ManifestObject>(controller);
  const services = objects.flatMap(listCalledServices);
  expect(new Set(services.map((service) => service.namespace))).toEqual(new Set([namespace]));
  const ports = new Set(services.map((service) => resolvePodPort(objects, service)));
  const { calledByApiServer } = controllerOpenings[namespace satisfies ControllerNamespace];
  expect(ports).toEqual(new Set(calledByApiServer));
});

it("policies are for the namespaces that the controllers' manifests make, that of AMD's agents, and no other", () => {
  const made = (["kueue", "jobset", "trainer"] as const)
    .flatMap((controller) => readControllerManifests<ManifestObject>(controller))
    .filter(({ kind }) => kind === "Namespace")
    .map(({ metadata }) => metadata.name);
  expect(Object.keys(controllerOpenings)).toEqual([...made, "amd-gpu"]);
});
