import {
  explainUnsupportedType,
  formatObjectId,
  isCustomKind,
  parseKindToken,
  parseObjectId,
  resolveKind,
} from "./objectKind.ts";

describe("a resource type", () => {
  it.each([
    ["kubernetes:core/v1:ConfigMap", "v1", "ConfigMap"],
    ["kubernetes:apps/v1:Deployment", "apps/v1", "Deployment"],
    ["kubernetes:kueue.x-k8s.io/v1beta1:ClusterQueue", "kueue.x-k8s.io/v1beta1", "ClusterQueue"],
  ])("%s is apiVersion %s, kind %s", (token, apiVersion, kind) => {
    expect(parseKindToken(token)).toEqual({ apiVersion, kind });
  });

  it("yields to the kind that the object states", () => {
    expect(resolveKind({ apiVersion: "batch/v1", kind: "Job" }, "kubernetes:core/v1:ConfigMap")).toEqual({
      apiVersion: "batch/v1",
      kind: "Job",
    });
  });

  it.each([
    ["kubernetes:core/v1:ConfigMapPatch", { kind: "ConfigMap" }, /patches an object/],
    ["kubernetes:core/v1:ConfigMapList", { kind: "ConfigMapList", items: [{}, {}] }, /declare its 2 items/],
    ["kubernetes:helm.sh/v3:Release", {}, /Helm chart/],
    ["kubernetes:yaml:ConfigFile", {}, undefined],
  ])("%s is rejected if it is not supported", (token, object, reason) => {
    if (reason === undefined) expect(explainUnsupportedType(token, object)).toBeUndefined();
    else expect(explainUnsupportedType(token, object)).toMatch(reason);
  });

  it("may end in List or Patch if it is an ordinary custom kind", () => {
    expect(explainUnsupportedType("kubernetes:test.io/v1:AllowList", { kind: "AllowList", spec: {} })).toBeUndefined();
    expect(explainUnsupportedType("kubernetes:test.io/v1:JSONPatch", { kind: "JSONPatch" })).toBeUndefined();
  });
});

it("includes the namespace only in the ids of namespaced objects", () => {
  expect(parseObjectId("mixcpt/run")).toEqual({ namespace: "mixcpt", name: "run" });
  expect(parseObjectId("mixcpt")).toEqual({ namespace: "", name: "mixcpt" });
  expect(formatObjectId({ apiVersion: "v1", kind: "Namespace", namespace: "", name: "mixcpt" })).toBe("mixcpt");
});

it.each([
  ["v1", false],
  ["batch/v1", false],
  ["rbac.authorization.k8s.io/v1", false],
  ["jobset.x-k8s.io/v1alpha2", true],
  ["trainer.kubeflow.org/v1alpha1", true],
])("a kind of %s is one that a definition adds: %s", (apiVersion, isCustom) => {
  expect(isCustomKind({ apiVersion, kind: "Any" })).toBe(isCustom);
});
