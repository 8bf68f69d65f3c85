import {
  deriveImportInputs,
  buildResourceManifest,
  selectDeclaredFields,
  buildObjectRecord,
  markSecretPaths,
} from "./resourceManifest.ts";

function encodeBase64(text: string) {
  return Buffer.from(text).toString("base64");
}

const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "token" } };

describe("a Secret", () => {
  it("is sent with its stringData as data", () => {
    expect(buildResourceManifest({ ...secret, data: { a: "YQ==" }, stringData: { b: "b" } })).toEqual({
      ...secret,
      data: { a: "YQ==", b: encodeBase64("b") },
    });
  });

  it("is recorded as secret and read back into stringData", () => {
    expect(markSecretPaths({ ...secret }, [["metadata", "name"]]).secrets).toEqual([
      ["metadata", "name"],
      ["data"],
      ["stringData"],
    ]);
    const live = { ...secret, data: { b: encodeBase64("changed"), other: encodeBase64("theirs") } };
    expect(selectDeclaredFields(live, { ...secret, stringData: { b: "b" } })).toEqual({
      ...secret,
      stringData: { b: "changed" },
    });
  });
});

describe("a definition", () => {
  const buildDefinition = (schema: object) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {},
    spec: { versions: [{ name: "v1", schema }] },
  });

  it("is sent with the API's spelling of its extensions", () => {
    expect(buildResourceManifest(buildDefinition({ x_kubernetes_int_or_string: true }) as never)).toEqual(
      buildDefinition({ "x-kubernetes-int-or-string": true }),
    );
  });

  it("is recorded without its schemas", () => {
    expect(buildObjectRecord(buildDefinition({ big: true }) as never, "us")).toMatchObject({
      spec: { versions: [{ name: "v1" }] },
      __fieldManager: "us",
    });
    expect(JSON.stringify(buildObjectRecord(buildDefinition({ big: true }) as never, "us"))).not.toContain("big");
  });
});

describe("what an object's record repeats of its inputs", () => {
  const metadata = { name: "a", uid: "1" };
  const declared = { metadata: { name: "a" }, spec: { replicas: 1, steps: [{ name: "train" }] } };
  const live = { metadata, spec: { replicas: 1, steps: [{ name: "train", group: "default" }] }, status: { ready: 1 } };
  const run = { apiVersion: "jobset.x-k8s.io/v1alpha2", kind: "JobSet" };
  const deployment = { apiVersion: "apps/v1", kind: "Deployment" };

  it("is nothing that the server keeps as it is declared, if a definition adds its kind", () => {
    expect(buildObjectRecord({ ...run, ...live }, "us", { ...run, ...declared })).toEqual({
      ...run,
      metadata,
      status: { ready: 1 },
      __fieldManager: "us",
    });
  });

  it.each([
    ["a value", { replicas: 2, steps: [{ name: "train" }] }],
    ["an item", { replicas: 1, steps: [{ name: "train" }, { name: "theirs" }] }],
    ["a missing value", { steps: [{ name: "train" }] }],
  ])("is the whole field once somebody changed it: %s", (_, spec) => {
    expect(buildObjectRecord({ ...run, ...live, spec }, "us", { ...run, ...declared })["spec"]).toEqual(spec);
  });

  it("is everything for Kubernetes' own kinds and for an imported object", () => {
    expect(buildObjectRecord({ ...deployment, ...live }, "us", { ...deployment, ...declared })).toMatchObject(live);
    expect(buildObjectRecord({ ...run, ...live }, "us")).toMatchObject(live);
  });
});

it("selects the live values of the fields that the inputs contain", () => {
  const live = { spec: { replicas: 3, strategy: "x", containers: [{ name: "a", image: "b", pull: "Always" }] } };
  expect(
    selectDeclaredFields(live, { spec: { replicas: 1, gone: 1, containers: [{ name: "a", image: "a" }] } }),
  ).toEqual({ spec: { replicas: 3, containers: [{ name: "a", image: "b" }] } });
});

it("omits everything that the server adds from the inputs of an imported object", () => {
  const metadata = {
    name: "a",
    labels: { b: "c" },
    uid: "1",
    resourceVersion: "2",
    generation: 3,
    managedFields: [],
    creationTimestamp: "now",
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" },
  };
  expect(deriveImportInputs({ metadata, spec: { a: 1 }, status: {} })).toEqual({
    metadata: { name: "a", labels: { b: "c" } },
    spec: { a: 1 },
  });
});
