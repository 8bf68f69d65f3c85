import { parsePropertyPath } from "../protocol/changes.ts";
import { needsReplacement } from "./needsReplacement.ts";

function isReplacedBy(apiVersion: string, kind: string, path: string) {
  return needsReplacement({ path: parsePropertyPath(path) }, { apiVersion, kind });
}

it.each([
  ["v1", "ConfigMap", "metadata.name"],
  ["v1", "ConfigMap", "metadata.namespace"],
  ["v1", "ConfigMap", "metadata"],
  ["batch/v1", "Job", "spec.template.spec.containers[0].image"],
  ["batch/v1", "Job", "spec.completions"],
  ["apps/v1", "Deployment", "spec.selector.matchLabels.app"],
  ["v1", "PersistentVolume", "spec.hostPath.path"],
  ["rbac.authorization.k8s.io/v1", "RoleBinding", "roleRef.name"],
  ["v1", "Pod", "spec.containers[0].command[1]"],
])("%s %s: a change of %s requires a new object", (apiVersion, kind, path) => {
  expect(isReplacedBy(apiVersion, kind, path)).toBe(true);
});

it.each([
  ["v1", "ConfigMap", "data.key"],
  ["v1", "ConfigMap", "metadata.labels.app"],
  ["batch/v1", "Job", "spec.suspend"],
  ["apps/v1", "Deployment", "spec.template.spec.containers[0].image"],
  ["v1", "Pod", "spec.tolerations[0].key"],
  ["trainer.kubeflow.org/v1alpha1", "TrainJob", "spec.trainer.numNodes"],
])("%s %s: %s is changed in place", (apiVersion, kind, path) => {
  expect(isReplacedBy(apiVersion, kind, path)).toBe(false);
});

it("requires a new object for the content of an immutable ConfigMap", () => {
  expect(needsReplacement({ path: ["data", "key"] }, { apiVersion: "v1", kind: "ConfigMap", immutable: true })).toBe(
    true,
  );
});
