/**
 * Every committed manifest against a real API server of the version that clusters run, with the kinds of Kueue, JobSet
 * and Trainer. It refuses unknown and wrongly typed fields, and pods must pass Pod Security "restricted". The webhooks
 * of these kinds are missing, so that rules which only their controllers know are left to the test on a real cluster.
 */
import type { PodTemplateSpec } from "kubernetes-types/core/v1.js";
import type { RenderedManifest } from "../render/renderedManifests.ts";
import {
  buildPlatformManifests,
  declaredExperimentStacks,
  getRenderedManifests,
  listPodTemplates,
} from "../render/renderedManifests.ts";
import { buildExampleQueues } from "../render/exampleCluster.ts";
import { buildExportManifests } from "../render/exportExample.ts";
import { buildNetworkExamples, controllerNamespaces } from "../render/networkExample.ts";
import { buildIdentificationManifests } from "../render/identificationExample.ts";
import { buildPreflightManifests } from "../render/preflightExample.ts";
import { buildRoceManifests } from "../render/roceExample.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { startApiServer } from "../support/apiServer.ts";
import type { ControllerKind } from "../support/controllerKinds.ts";
import { installControllerKinds } from "../support/controllerKinds.ts";

let api: ApiServer;
let kinds: readonly ControllerKind[];

interface DryRunObject extends Pick<RenderedManifest, "kind"> {
  readonly apiVersion: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

async function postObject(path: string, body: object) {
  const response = await api.call("POST", path, body);
  if (response.status !== 201) throw new Error(`POST ${path}: ${JSON.stringify(response.body)}`);
}

beforeAll(async () => {
  api = await startApiServer();
  const labels = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "v1.36",
  };
  await postObject("/api/v1/namespaces", { metadata: { name: "mixcpt", labels } });
  for (const name of controllerNamespaces) await postObject("/api/v1/namespaces", { metadata: { name } });
  kinds = await installControllerKinds(api);
});

afterAll(async () => {
  await api?.stop();
});

/** The plural of a kind in API paths: `topologies` for `Topology`. */
function findPlural(kind: string): string {
  const known = kinds.find(({ spec }) => spec.names.kind === kind)?.spec.names.plural;
  return known ?? `${kind.toLowerCase()}s`.replace(/ys$/, "ies");
}

function buildCollectionPath({ apiVersion, kind, metadata: { namespace } }: DryRunObject): string {
  const root = apiVersion.includes("/") ? "apis" : "api";
  const scope = namespace === undefined ? "" : `namespaces/${namespace}/`;
  return `/${root}/${apiVersion}/${scope}${findPlural(kind)}`;
}

/** Submits an object as a dry run and returns the server's error, if any. */
async function findAdmissionError(object: DryRunObject): Promise<string | undefined> {
  const path = `${buildCollectionPath(object)}?dryRun=All&fieldValidation=Strict`;
  const { status, body } = await api.call("POST", path, object);
  if (status === 201) return undefined;
  return `${object.kind} ${object.metadata.name}: ${String(body["message"] ?? JSON.stringify(body))}`;
}

async function listAdmissionErrors(objects: readonly object[]): Promise<string[]> {
  const errors: string[] = [];
  for (const object of objects) {
    const error = await findAdmissionError(object as DryRunObject);
    if (error !== undefined) errors.push(error);
  }
  return errors;
}

/** The pods that the controllers would create from a manifest. */
function buildPods(owner: RenderedManifest) {
  return listPodTemplates(owner).map(({ metadata, spec }: PodTemplateSpec, index) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, name: `${owner.metadata.name}-${String(index)}`, namespace: "mixcpt" },
    spec,
  }));
}

describe("a real API server", () => {
  it.each(declaredExperimentStacks)("accepts every rendered object of %s", async (stack) => {
    expect(await listAdmissionErrors(getRenderedManifests(stack))).toEqual([]);
  });

  it("accepts the queues and the runtime of the demo's cluster", async () => {
    expect(await listAdmissionErrors(buildPlatformManifests())).toEqual([]);
  });

  it("accepts the network policies of every cluster", async () => {
    expect(await listAdmissionErrors(buildNetworkExamples())).toEqual([]);
  });

  it.each(declaredExperimentStacks)("admits every pod of %s to a restricted namespace", async (stack) => {
    expect(await listAdmissionErrors(getRenderedManifests(stack).flatMap(buildPods))).toEqual([]);
  });

  it("accepts a cluster with RoCE, its runtime and a cell, and admits their pods to a restricted namespace", async () => {
    expect(await listAdmissionErrors([...buildExampleQueues("roce"), ...buildRoceManifests()])).toEqual([]);
    expect(await listAdmissionErrors(buildRoceManifests().flatMap(buildPods))).toEqual([]);
  });

  it("accepts the queues of a rack that several teams share", async () => {
    expect(await listAdmissionErrors(buildExampleQueues("rack"))).toEqual([]);
  });

  it("accepts the Job of an export, and admits its pod to a restricted namespace", async () => {
    expect(await listAdmissionErrors(buildExportManifests())).toEqual([]);
    expect(await listAdmissionErrors(buildExportManifests().flatMap(buildPods))).toEqual([]);
  });

  it("accepts an evaluation that identifies languages, and admits its pods to a restricted namespace", async () => {
    expect(await listAdmissionErrors(buildIdentificationManifests())).toEqual([]);
    expect(await listAdmissionErrors(buildIdentificationManifests().flatMap(buildPods))).toEqual([]);
  });

  it("accepts the objects of preflight, and admits their pods to a restricted namespace", async () => {
    expect(await listAdmissionErrors(buildPreflightManifests())).toEqual([]);
    expect(await listAdmissionErrors(buildPreflightManifests().flatMap(buildPods))).toEqual([]);
  });

  it("admits pods on the network of their node only to a namespace that is not restricted", async () => {
    const [runtime] = buildRoceManifests();
    const pods = (runtime === undefined ? [] : buildPods(runtime)).map((pod) => ({
      ...pod,
      spec: { ...pod.spec, hostNetwork: true },
    }));
    expect((await listAdmissionErrors(pods)).join("\n")).toContain("host namespaces (hostNetwork=true)");
  });

  it("refuses an unknown field and a pod that may run as root", async () => {
    const [runtime] = getRenderedManifests("dev").filter(({ kind }) => kind === "ClusterTrainingRuntime");
    const [training] = getRenderedManifests("dev").filter(({ kind }) => kind === "TrainJob");
    const misspelled = { ...training, spec: { ...training?.spec, runtimeReff: {} } };
    expect(await listAdmissionErrors([misspelled])).toEqual([
      expect.stringMatching(/unknown field "spec\.runtimeReff"/),
    ]);
    const pod = runtime && buildPods(runtime)[0];
    const rootPod = { ...pod, spec: { ...pod?.spec, securityContext: { runAsUser: 0 } } };
    expect(await listAdmissionErrors([rootPod])).toEqual([
      expect.stringMatching(/violates PodSecurity "restricted:v1\.36"/),
    ]);
  });
});
