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

it("an object is ours where our manager applied it, and not where it merely changed it or another one applied it", () => {
  expect(isAppliedBy(live, "pulumi-kubernetes-0a1b2c3d")).toBe(true);
  expect(isAppliedBy(live, "kueue")).toBe(false);
  expect(isAppliedBy(live, "pulumi-kubernetes-99999999")).toBe(false);
  expect(isAppliedBy({ metadata: {} }, "pulumi-kubernetes-0a1b2c3d")).toBe(false);
});

it("the error for an object of somebody else says which it is, whose it is and what to do", () => {
  const { message } = buildForeignObjectError(identity, live);
  expect(message).toMatch(/^TrainJob mixcpt\/llama-2-mono is already in the cluster/);
  expect(message).toContain("(field managers: pulumi-kubernetes-0a1b2c3d, kueue)");
  expect(message).toMatch(/destroy it from there.*`import`/);
});

it("the error for an object whose owners the server does not tell says so", () => {
  expect(buildForeignObjectError(identity, { metadata: {} }).message).toContain(
    "(field managers: none that is recorded)",
  );
});

it("the error for an object that an interrupted up of the same resource left otherwise does not speak of another owner", () => {
  const { message } = buildInterruptedUpError(identity);
  expect(message).toMatch(/^TrainJob mixcpt\/llama-2-mono is already in the cluster: an interrupted up/);
  expect(message).not.toContain("another owner");
});
