import { getValueAt, getListAt, getObjectAt, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties, PropertyValue } from "../protocol/propertyValues.ts";

/** The readiness of a live object; waiting does not help one that is "failed". */
export type Readiness = { state: "ready" } | { state: "waiting" | "failed"; reason: string };

const readyResult: Readiness = { state: "ready" };

function reportWaiting(reason: string): Readiness {
  return { state: "waiting", reason };
}

function reportFailed(reason: string): Readiness {
  return { state: "failed", reason };
}

function findCondition(live: Properties, type: string): Properties | undefined {
  return getListAt(live, "status", "conditions").find((item) => getTextAt(item, "type") === type) as
    Properties | undefined;
}

function isConditionTrue(live: Properties, type: string): boolean {
  return findCondition(live, type)?.["status"] === "True";
}

function readCount(value: PropertyValue | undefined, absent = 0): number {
  return typeof value === "number" ? value : absent;
}

/** True if the controller has seen the newest spec. */
function isSpecObserved(live: Properties): boolean {
  return (
    readCount(getValueAt(live, "status", "observedGeneration")) >= readCount(getValueAt(live, "metadata", "generation"))
  );
}

function checkDeployment(live: Properties): Readiness {
  const expected = readCount(getValueAt(live, "spec", "replicas"), 1);
  const { updatedReplicas, availableReplicas } = getObjectAt(live, "status");
  const progressing = findCondition(live, "Progressing");
  if (!isSpecObserved(live)) return reportWaiting("the controller has not seen the newest spec");
  if (progressing?.["reason"] === "ProgressDeadlineExceeded") return reportFailed(getTextAt(progressing, "message"));
  if (readCount(updatedReplicas) < expected)
    return reportWaiting(`${readCount(updatedReplicas)} of ${expected} replicas have the newest spec`);
  if (readCount(availableReplicas) < expected)
    return reportWaiting(`${readCount(availableReplicas)} of ${expected} replicas are available`);
  return readyResult;
}

function checkStatefulSet(live: Properties): Readiness {
  const expected = readCount(getValueAt(live, "spec", "replicas"), 1);
  const { updatedReplicas, readyReplicas } = getObjectAt(live, "status");
  const ready = Math.min(readCount(updatedReplicas), readCount(readyReplicas));
  if (!isSpecObserved(live)) return reportWaiting("the controller has not seen the newest spec");
  return ready < expected ? reportWaiting(`${ready} of ${expected} replicas are ready`) : readyResult;
}

function checkDaemonSet(live: Properties): Readiness {
  const { desiredNumberScheduled, updatedNumberScheduled, numberAvailable } = getObjectAt(live, "status");
  const expected = readCount(desiredNumberScheduled);
  const ready = Math.min(readCount(updatedNumberScheduled), readCount(numberAvailable));
  if (!isSpecObserved(live)) return reportWaiting("the controller has not seen the newest spec");
  return ready < expected ? reportWaiting(`${ready} of ${expected} pods are available`) : readyResult;
}

function checkDefinition(live: Properties): Readiness {
  const names = findCondition(live, "NamesAccepted");
  if (names?.["status"] === "False") return reportFailed(getTextAt(names, "message"));
  return isConditionTrue(live, "Established") ? readyResult : reportWaiting("the API server does not serve it yet");
}

function checkNamespace(live: Properties): Readiness {
  const phase = getTextAt(live, "status", "phase");
  return phase === "Active" ? readyResult : reportWaiting(`its phase is "${phase}"`);
}

function checkJob(live: Properties): Readiness {
  const failure = findCondition(live, "Failed");
  if (failure?.["status"] === "True")
    return reportFailed(`${getTextAt(failure, "reason")}: ${getTextAt(failure, "message")}`);
  const { succeeded } = getObjectAt(live, "status");
  const expected = readCount(getValueAt(live, "spec", "completions"), 1);
  return isConditionTrue(live, "Complete")
    ? readyResult
    : reportWaiting(`${readCount(succeeded)} of ${expected} pods have succeeded`);
}

const readinessChecks: Record<string, (live: Properties) => Readiness> = {
  "apps/v1 Deployment": checkDeployment,
  "apps/v1 StatefulSet": checkStatefulSet,
  "apps/v1 DaemonSet": checkDaemonSet,
  "apiextensions.k8s.io/v1 CustomResourceDefinition": checkDefinition,
  "v1 Namespace": checkNamespace,
  "batch/v1 Job": checkJob,
};

/** Determines whether an object is ready; kinds without a check are ready once they exist. */
export function checkReadiness(live: Properties): Readiness {
  return readinessChecks[`${getTextAt(live, "apiVersion")} ${getTextAt(live, "kind")}`]?.(live) ?? readyResult;
}

/** Checks an annotation `pulumi.com/waitFor` of the form `condition=Ready` or `condition=Ready=False`. */
export function checkWaitForCondition(live: Properties, waitFor: string): Readiness {
  const [, type = "", expected = "True"] = waitFor.split("=");
  const condition = findCondition(live, type);
  if (condition?.["status"] === expected) return readyResult;
  return reportWaiting(`condition ${type} is ${getTextAt(condition, "status") || "not set"}, waiting for ${expected}`);
}

/** Formats the object's conditions, one line each. */
export function formatConditions(live: Properties): string[] {
  return getListAt(live, "status", "conditions").map((item) => {
    const details = [getTextAt(item, "reason"), getTextAt(item, "message")].filter((text) => text !== "").join(": ");
    return `condition ${getTextAt(item, "type")}=${getTextAt(item, "status")} ${details}`.trimEnd();
  });
}
