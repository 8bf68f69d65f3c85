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
