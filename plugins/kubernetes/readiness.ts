import { getValueAt, getListAt, getObjectAt, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties, PropertyValue } from "../protocol/propertyValues.ts";

/** What a live object says of itself. "failed" will not become ready by waiting. */
export type Readiness = { state: "ready" } | { state: "waiting" | "failed"; because: string };

const readyResult: Readiness = { state: "ready" };

function reportWaiting(because: string): Readiness {
  return { state: "waiting", because };
}

function reportFailed(because: string): Readiness {
  return { state: "failed", because };
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

/** Has the controller seen the newest spec? */
function isSpecObserved(live: Properties): boolean {
  return (
    readCount(getValueAt(live, "status", "observedGeneration")) >= readCount(getValueAt(live, "metadata", "generation"))
  );
}

function checkDeployment(live: Properties): Readiness {
  const wanted = readCount(getValueAt(live, "spec", "replicas"), 1);
  const { updatedReplicas, availableReplicas } = getObjectAt(live, "status");
  const progressing = findCondition(live, "Progressing");
  if (!isSpecObserved(live)) return reportWaiting("the controller has not seen the newest spec");
  if (progressing?.["reason"] === "ProgressDeadlineExceeded") return reportFailed(getTextAt(progressing, "message"));
  if (readCount(updatedReplicas) < wanted)
    return reportWaiting(`${readCount(updatedReplicas)} of ${wanted} replicas are of the newest spec`);
  if (readCount(availableReplicas) < wanted)
    return reportWaiting(`${readCount(availableReplicas)} of ${wanted} replicas are available`);
  return readyResult;
}

function checkStatefulSet(live: Properties): Readiness {
  const wanted = readCount(getValueAt(live, "spec", "replicas"), 1);
  const { updatedReplicas, readyReplicas } = getObjectAt(live, "status");
  const done = Math.min(readCount(updatedReplicas), readCount(readyReplicas));
  if (!isSpecObserved(live)) return reportWaiting("the controller has not seen the newest spec");
  return done < wanted ? reportWaiting(`${done} of ${wanted} replicas are ready`) : readyResult;
}

function checkDaemonSet(live: Properties): Readiness {
  const { desiredNumberScheduled, updatedNumberScheduled, numberAvailable } = getObjectAt(live, "status");
  const wanted = readCount(desiredNumberScheduled);
  const done = Math.min(readCount(updatedNumberScheduled), readCount(numberAvailable));
  if (!isSpecObserved(live)) return reportWaiting("the controller has not seen the newest spec");
  return done < wanted ? reportWaiting(`${done} of ${wanted} pods are available`) : readyResult;
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
  const wanted = readCount(getValueAt(live, "spec", "completions"), 1);
  return isConditionTrue(live, "Complete")
    ? readyResult
    : reportWaiting(`${readCount(succeeded)} of ${wanted} pods have succeeded`);
}

const readinessChecks: Record<string, (live: Properties) => Readiness> = {
  "apps/v1 Deployment": checkDeployment,
  "apps/v1 StatefulSet": checkStatefulSet,
  "apps/v1 DaemonSet": checkDaemonSet,
  "apiextensions.k8s.io/v1 CustomResourceDefinition": checkDefinition,
  "v1 Namespace": checkNamespace,
  "batch/v1 Job": checkJob,
};

/** Is the object ready? Kinds without a rule are ready once they exist. */
export function checkReadiness(live: Properties): Readiness {
  return readinessChecks[`${getTextAt(live, "apiVersion")} ${getTextAt(live, "kind")}`]?.(live) ?? readyResult;
}

/** The annotation `pulumi.com/waitFor` of this form: `condition=Ready`, `condition=Ready=False`. */
export function checkWaitForCondition(live: Properties, waitFor: string): Readiness {
  const [, type = "", wanted = "True"] = waitFor.split("=");
  const found = findCondition(live, type);
  if (found?.["status"] === wanted) return readyResult;
  return reportWaiting(`condition ${type} is ${getTextAt(found, "status") || "not set"}, waiting for ${wanted}`);
}

/** The object's conditions, one line each, for whoever must find out why it is not ready. */
export function formatConditions(live: Properties): string[] {
  return getListAt(live, "status", "conditions").map((item) => {
    const why = [getTextAt(item, "reason"), getTextAt(item, "message")].filter((text) => text !== "").join(": ");
    return `condition ${getTextAt(item, "type")}=${getTextAt(item, "status")}${why === "" ? "" : ` ${why}`}`;
  });
}
