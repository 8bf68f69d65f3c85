/**
 * Every committed manifest before a real API server of the version that clusters run, with the kinds of Kueue, JobSet
 * and Trainer: unknown and wrongly typed fields are refused, and pods must pass Pod Security "restricted". The kinds'
 * webhooks are not there, so that rules which only their controllers know stay unproved; the stack test proves those.
 */
import { readFileSync } from "node:fs";
import type { PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { readSoftware } from "../../infra/software.ts";
import type { Rendered } from "../render/documents.ts";
import { manifestsIn, renderedPlatform, stacks, templatesOf } from "../render/documents.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { startApiServer } from "../support/apiServer.ts";
import { until } from "../support/processes.ts";

jest.setTimeout(600_000);

let api: ApiServer;
let definitions: readonly Definition[];

type Definition = { kind: string; metadata: { name: string }; spec: { group: string; names: { kind: string; plural: string }; conversion?: unknown } };
type Submitted = Pick<Rendered, "kind"> & { apiVersion: string; metadata: { name: string; namespace?: string } };

/** Kinds of the controllers. Their conversion needs the controllers; only the stored version is used here. */
function readDefinitions(): Definition[] {
  const objects = Object.values(readSoftware().manifests).flatMap((file) => JSON.parse(readFileSync(file, "utf8")) as Definition[]);
  return objects.filter(({ kind }) => kind === "CustomResourceDefinition").map((object) => ({ ...object, spec: { ...object.spec, conversion: undefined } }));
}

const created = async (path: string, body: object) => {
  const { status, body: answer } = await api.call("POST", path, body);
  if (status !== 201) throw new Error(JSON.stringify(answer));
};

async function isServed({ metadata }: Definition): Promise<boolean> {
  const { body } = await api.call("GET", `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${metadata.name}`);
  const { conditions } = (body["status"] ?? {}) as { conditions?: { type: string; status: string }[] | null };
  return conditions?.some(({ type, status }) => type === "Established" && status === "True") ?? false;
}

beforeAll(async () => {
  api = await startApiServer();
  const labels = { "pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/enforce-version": "v1.36" };
  await created("/api/v1/namespaces", { metadata: { name: "mixcpt", labels } });
  definitions = readDefinitions();
  for (const definition of definitions) {
    await created("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
    await until(`${definition.metadata.name} is served`, () => isServed(definition), 240);
  }
});

afterAll(async () => {
  await api?.stop();
});

/** As paths spell a kind: `Topology` → `topologies`. Kubernetes' own that are rendered here take an s. */
const plural = (kind: string) => definitions.find(({ spec }) => spec.names.kind === kind)?.spec.names.plural ?? `${kind.toLowerCase()}s`;

const pathOf = ({ apiVersion, kind, metadata: { namespace } }: Submitted) =>
  `/${apiVersion.includes("/") ? "apis" : "api"}/${apiVersion}/${namespace === undefined ? "" : `namespaces/${namespace}/`}${plural(kind)}`;

/** What the server has against an object; nothing is kept. */
async function objection(object: Submitted): Promise<string[]> {
  const { status, body } = await api.call("POST", `${pathOf(object)}?dryRun=All&fieldValidation=Strict`, object);
  return status === 201 ? [] : [`${object.kind} ${object.metadata.name}: ${String(body["message"] ?? JSON.stringify(body))}`];
}

async function objections(objects: readonly object[]): Promise<string[]> {
  const all: string[] = [];
  for (const object of objects) all.push(...(await objection(object as Submitted)));
  return all;
}

const podFrom = (owner: Rendered) => ({ metadata, spec }: PodTemplateSpec, index: number) =>
  ({ apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name: `${owner.metadata.name}-${String(index)}`, namespace: "mixcpt" }, spec });

describe("a real API server", () => {
  it.each(stacks)("accepts every rendered object of %s", async (stack) => {
    expect(await objections(manifestsIn(stack))).toEqual([]);
  });

  it("accepts the queues and the runtime of the demo's cluster", async () => {
    expect(await objections(renderedPlatform())).toEqual([]);
  });

  it.each(stacks)("admits every pod of %s where only restricted ones are", async (stack) => {
    expect(await objections(manifestsIn(stack).flatMap((owner) => templatesOf(owner).map(podFrom(owner))))).toEqual([]);
  });

  it("refuses a field that a kind does not have, and a pod that may become root", async () => {
    const [runtime] = manifestsIn("dev").filter(({ kind }) => kind === "ClusterTrainingRuntime");
    const [training] = manifestsIn("dev").filter(({ kind }) => kind === "TrainJob");
    const misspelt = { ...training, spec: { ...training?.spec, runtimeReff: {} } };
    expect(await objections([misspelt])).toEqual([expect.stringMatching(/unknown field "spec\.runtimeReff"/)]);
    const pod = runtime && templatesOf(runtime).map(podFrom(runtime))[0];
    const rooted = { ...pod, spec: { ...pod?.spec, securityContext: { runAsUser: 0 } } };
    expect(await objections([rooted])).toEqual([expect.stringMatching(/violates PodSecurity "restricted:v1\.36"/)]);
  });
});
