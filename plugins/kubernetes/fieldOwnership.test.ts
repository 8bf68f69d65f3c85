import { isAppliedBy, buildInterruptedUpError, buildForeignObjectError } from "./fieldOwnership.ts";

const identity = {
  apiVersion: "trainer.kubeflow.org/v1alpha1",
  kind: "TrainJob",
  namespace: "mixcpt",
  name: "llama-2-mono",
};
const live = {
  metadata: {
    managedFields: [
      { manager: "pulumi-kubernetes-0a1b2c3d", operation: "Apply" },
      { manager: "kueue", operation: "Update" },
      { manager: "trainer", operation: "Update", subresource: "status" },
    ],
  },
};

it("recognizes the manager that applied an object, and none that only updated it", () => {
  expect(isAppliedBy(live, "pulumi-kubernetes-0a1b2c3d")).toBe(true);
  expect(isAppliedBy(live, "kueue")).toBe(false);
  expect(isAppliedBy(live, "pulumi-kubernetes-99999999")).toBe(false);
  expect(isAppliedBy({ metadata: {} }, "pulumi-kubernetes-0a1b2c3d")).toBe(false);
});

it("names a foreign object, its field managers and the ways to proceed", () => {
  const { message } = buildForeignObjectError(identity, live);
  expect(message).toMatch(/^TrainJob mixcpt\/llama-2-mono is already in the cluster/);
  expect(message).toContain("(field managers: pulumi-kubernetes-0a1b2c3d, kueue)");
  expect(message).toMatch(/destroy it from there.*`import`/);
});

it("reports when no field manager is recorded", () => {
  expect(buildForeignObjectError(identity, { metadata: {} }).message).toContain("(field managers: none recorded)");
});

it("reports a changed object of an interrupted up without mentioning another owner", () => {
  const { message } = buildInterruptedUpError(identity);
  expect(message).toMatch(/^TrainJob mixcpt\/llama-2-mono is already in the cluster: an interrupted up/);
  expect(message).not.toContain("another owner");
});
