import type { Properties } from "../protocol/propertyValues.ts";
import { formatConditions, checkWaitForCondition, checkReadiness } from "./readiness.ts";

function buildDeploymentObject(status: Properties): Properties {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { generation: 2 },
    spec: { replicas: 2 },
    status: { observedGeneration: 2, ...status },
  };
}

function buildStatusCondition(type: string, status: string, message = "") {
  return { type, status, reason: "TestReason", message };
}

describe("a Deployment", () => {
  it("is ready when all replicas of the newest spec are available", () => {
    expect(checkReadiness(buildDeploymentObject({ updatedReplicas: 2, availableReplicas: 2 }))).toEqual({
      state: "ready",
    });
  });

  it.each([
    [
      { observedGeneration: 1, updatedReplicas: 2, availableReplicas: 2 },
      "the controller has not seen the newest spec",
    ],
    [{ updatedReplicas: 1, availableReplicas: 2 }, "1 of 2 replicas have the newest spec"],
    [{ updatedReplicas: 2 }, "0 of 2 replicas are available"],
  ])("waits with status %j", (status, reason) => {
    expect(checkReadiness(buildDeploymentObject(status))).toEqual({ state: "waiting", reason });
  });

  it("fails when it exceeds its progress deadline", () => {
    const progressing = {
      type: "Progressing",
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: "too late",
    };
    expect(checkReadiness(buildDeploymentObject({ conditions: [progressing] }))).toEqual({
      state: "failed",
      reason: "too late",
    });
  });
});

describe("a Job", () => {
  const buildJob = (status: Properties): Properties => ({
    apiVersion: "batch/v1",
    kind: "Job",
    spec: { completions: 3 },
    status,
  });

  it("waits for its pods, then is ready or failed", () => {
    expect(checkReadiness(buildJob({ succeeded: 1 }))).toEqual({
      state: "waiting",
      reason: "1 of 3 pods have succeeded",
    });
    expect(checkReadiness(buildJob({ conditions: [buildStatusCondition("Complete", "True")] }))).toEqual({
      state: "ready",
    });
    expect(checkReadiness(buildJob({ conditions: [buildStatusCondition("Failed", "True", "too often")] }))).toEqual({
      state: "failed",
      reason: "TestReason: too often",
    });
  });
});

it("treats a definition as ready once established, a namespace once active, other kinds immediately", () => {
  const definition = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
  expect(checkReadiness(definition)).toMatchObject({ state: "waiting" });
  expect(
    checkReadiness({ ...definition, status: { conditions: [buildStatusCondition("Established", "True")] } }),
  ).toEqual({ state: "ready" });
  expect(
    checkReadiness({
      ...definition,
      status: { conditions: [buildStatusCondition("NamesAccepted", "False", "taken")] },
    }),
  ).toEqual({ state: "failed", reason: "taken" });
  expect(checkReadiness({ apiVersion: "v1", kind: "Namespace", status: { phase: "Active" } })).toEqual({
    state: "ready",
  });
  expect(checkReadiness({ apiVersion: "kueue.x-k8s.io/v1beta1", kind: "ClusterQueue" })).toEqual({ state: "ready" });
});

it("waits for the condition that an annotation names", () => {
  const queue = { status: { conditions: [buildStatusCondition("Active", "True")] } };
  expect(checkWaitForCondition(queue, "condition=Active")).toEqual({ state: "ready" });
  expect(checkWaitForCondition(queue, "condition=Active=False")).toMatchObject({ state: "waiting" });
  expect(formatConditions(queue)).toEqual(["condition Active=True TestReason"]);
});
