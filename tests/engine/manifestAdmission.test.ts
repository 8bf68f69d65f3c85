/**
 * Every committed manifest before a real API server of the version that clusters run, with the kinds of Kueue, JobSet
 * and Trainer: unknown and wrongly typed fields are refused, and pods must pass Pod Security "restricted". The kinds'
 * webhooks are not there, so that rules which only their controllers know stay unproved; the stack test proves those.
 */
import { readFileSync } from "node:fs";
import type { PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { readToolchain } from "../../workspace/toolchain.ts";
import type { RenderedManifest } from "../render/renderedManifests.ts";
import {
  getRenderedManifests,
  buildPlatformManifests,
  declaredExperimentStacks,
  listPodTemplates,
} from "../render/renderedManifests.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { startApiServer } from "../support/apiServer.ts";
import { waitUntil } from "../support/processes.ts";

jest.setTimeout(600_000);

let api: ApiServer;
let definitions: readonly KindDefinition[];

interface KindDefinition {
  kind: string;
  metadata: { name: string };
  spec: { group: string; names: { kind: string; plural: string }; conversion?: unknown };
}
type DryRunObject = Pick<RenderedManifest, "kind"> & {
  apiVersion: string;
  metadata: { name: string; namespace?: string };
};

/** Kinds of the controllers. Their conversion needs the controllers; only the stored version is used here. */
function readDefinitions(): KindDefinition[] {
  const objects = Object.values(readToolchain().manifests).flatMap(
    (file) => JSON.parse(readFileSync(file, "utf8")) as KindDefinition[],
  );
  return objects
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .map((object) => ({ ...object, spec: { ...object.spec, conversion: undefined } }));
}

async function postObject(path: string, body: object) {
  const { status, body: answer } = await api.call("POST", path, body);
  if (status !== 201) throw new Error(JSON.stringify(answer));
}

async function isKindServed({ metadata }: KindDefinition): Promise<boolean> {
  const { body } = await api.call("GET", `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${metadata.name}`);
  const { conditions } = (body["status"] ?? {}) as { conditions?: { type: string; status: string }[] | null };
  return conditions?.some(({ type, status }) => type === "Established" && status === "True") ?? false;
}

beforeAll(async () => {
  api = await startApiServer();
  const labels = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "v1.36",
  };
  await postObject("/api/v1/namespaces", { metadata: { name: "mixcpt", labels } });
  definitions = readDefinitions();
  for (const definition of definitions) {
    await postObject("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
    await waitUntil(`${definition.metadata.name} is served`, () => isKindServed(definition), 240);
  }
});

afterAll(async () => {
  await api?.stop();
});

/** As paths spell a kind: `Topology` → `topologies`. Kubernetes' own that are rendered here take an s. */
function findPlural(kind: string) {
  return definitions.find(({ spec }) => spec.names.kind === kind)?.spec.names.plural ?? `${kind.toLowerCase()}s`;
}

function buildCollectionPath({ apiVersion, kind, metadata: { namespace } }: DryRunObject) {
  return `/${apiVersion.includes("/") ? "apis" : "api"}/${apiVersion}/${namespace === undefined ? "" : `namespaces/${namespace}/`}${findPlural(kind)}`;
}

/** What the server has against an object; nothing is kept. */
async function findObjection(object: DryRunObject): Promise<string[]> {
  const { status, body } = await api.call(
    "POST",
    `${buildCollectionPath(object)}?dryRun=All&fieldValidation=Strict`,
    object,
  );
  return status === 201
    ? []
    : [`${object.kind} ${object.metadata.name}: ${String(body["message"] ?? JSON.stringify(body))}`];
}

async function listObjections(objects: readonly object[]): Promise<string[]> {
  const all: string[] = [];
  for (const object of objects) all.push(...(await findObjection(object as DryRunObject)));
  return all;
}

function buildPod(owner: RenderedManifest) {
  return ({ metadata, spec }: PodTemplateSpec, index: number) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, name: `${owner.metadata.name}-${String(index)}`, namespace: "mixcpt" },
    spec,
  });
}

describe("a real API server", () => {
  it.each(declaredExperimentStacks)("accepts every rendered object of %s", async (stack) => {
    expect(await listObjections(getRenderedManifests(stack))).toEqual([]);
  });

  it("accepts the queues and the runtime of the demo's cluster", async () => {
    expect(await listObjections(buildPlatformManifests())).toEqual([]);
  });

  it.each(declaredExperimentStacks)("admits every pod of %s where only restricted ones are", async (stack) => {
    expect(
      await listObjections(
        getRenderedManifests(stack).flatMap((owner) => listPodTemplates(owner).map(buildPod(owner))),
      ),
    ).toEqual([]);
  });

  it("refuses a field that a kind does not have, and a pod that may become root", async () => {
    const [runtime] = getRenderedManifests("dev").filter(({ kind }) => kind === "ClusterTrainingRuntime");
    const [training] = getRenderedManifests("dev").filter(({ kind }) => kind === "TrainJob");
    const misspelt = { ...training, spec: { ...training?.spec, runtimeReff: {} } };
    expect(await listObjections([misspelt])).toEqual([expect.stringMatching(/unknown field "spec\.runtimeReff"/)]);
    const pod = runtime && listPodTemplates(runtime).map(buildPod(runtime))[0];
    const rooted = { ...pod, spec: { ...pod?.spec, securityContext: { runAsUser: 0 } } };
    expect(await listObjections([rooted])).toEqual([expect.stringMatching(/violates PodSecurity "restricted:v1\.36"/)]);
  });
});
