import { at, listAt, objectAt, textAt } from "../protocol/values.ts";
import type { Properties, Value } from "../protocol/values.ts";

/** What a live object says of itself. "failed" will not become ready by waiting. */
export type Readiness = { state: "ready" } | { state: "waiting" | "failed"; because: string };

const ready: Readiness = { state: "ready" };
const waiting = (because: string): Readiness => ({ state: "waiting", because });
const failed = (because: string): Readiness => ({ state: "failed", because });

function condition(live: Properties, type: string): Properties | undefined {
  return listAt(live, "status", "conditions").find((item) => textAt(item, "type") === type) as Properties | undefined;
}

function isTrue(live: Properties, type: string): boolean {
  return condition(live, type)?.["status"] === "True";
}

function count(value: Value | undefined, absent = 0): number {
  return typeof value === "number" ? value : absent;
}

/** Has the controller seen the newest spec? */
function isObserved(live: Properties): boolean {
  return count(at(live, "status", "observedGeneration")) >= count(at(live, "metadata", "generation"));
}

function deployment(live: Properties): Readiness {
  const wanted = count(at(live, "spec", "replicas"), 1);
  const { updatedReplicas, availableReplicas } = objectAt(live, "status");
  const progressing = condition(live, "Progressing");
  if (!isObserved(live)) return waiting("the controller has not seen the newest spec");
  if (progressing?.["reason"] === "ProgressDeadlineExceeded") return failed(textAt(progressing, "message"));
  if (count(updatedReplicas) < wanted) return waiting(`${count(updatedReplicas)} of ${wanted} replicas are of the newest spec`);
  if (count(availableReplicas) < wanted) return waiting(`${count(availableReplicas)} of ${wanted} replicas are available`);
  return ready;
}

function statefulSet(live: Properties): Readiness {
  const wanted = count(at(live, "spec", "replicas"), 1);
  const { updatedReplicas, readyReplicas } = objectAt(live, "status");
  const done = Math.min(count(updatedReplicas), count(readyReplicas));
  if (!isObserved(live)) return waiting("the controller has not seen the newest spec");
  return done < wanted ? waiting(`${done} of ${wanted} replicas are ready`) : ready;
}

function daemonSet(live: Properties): Readiness {
  const { desiredNumberScheduled, updatedNumberScheduled, numberAvailable } = objectAt(live, "status");
  const wanted = count(desiredNumberScheduled);
  const done = Math.min(count(updatedNumberScheduled), count(numberAvailable));
  if (!isObserved(live)) return waiting("the controller has not seen the newest spec");
  return done < wanted ? waiting(`${done} of ${wanted} pods are available`) : ready;
}

function definition(live: Properties): Readiness {
  const names = condition(live, "NamesAccepted");
  if (names?.["status"] === "False") return failed(textAt(names, "message"));
  return isTrue(live, "Established") ? ready : waiting("the API server does not serve it yet");
}

function namespace(live: Properties): Readiness {
  const phase = textAt(live, "status", "phase");
  return phase === "Active" ? ready : waiting(`its phase is "${phase}"`);
}

function job(live: Properties): Readiness {
  const failure = condition(live, "Failed");
  if (failure?.["status"] === "True") return failed(`${textAt(failure, "reason")}: ${textAt(failure, "message")}`);
  const { succeeded } = objectAt(live, "status");
  const wanted = count(at(live, "spec", "completions"), 1);
  return isTrue(live, "Complete") ? ready : waiting(`${count(succeeded)} of ${wanted} pods have succeeded`);
}

const rules: Record<string, (live: Properties) => Readiness> = {
  "apps/v1 Deployment": deployment,
  "apps/v1 StatefulSet": statefulSet,
  "apps/v1 DaemonSet": daemonSet,
  "apiextensions.k8s.io/v1 CustomResourceDefinition": definition,
  "v1 Namespace": namespace,
  "batch/v1 Job": job,
};

/** Is the object ready? Kinds without a rule are ready once they exist. */
export function readiness(live: Properties): Readiness {
  return rules[`${textAt(live, "apiVersion")} ${textAt(live, "kind")}`]?.(live) ?? ready;
}

/** The annotation `pulumi.com/waitFor` of this form: `condition=Ready`, `condition=Ready=False`. */
export function conditionReadiness(live: Properties, waitFor: string): Readiness {
  const [, type = "", wanted = "True"] = waitFor.split("=");
  const found = condition(live, type);
  if (found?.["status"] === wanted) return ready;
  return waiting(`condition ${type} is ${textAt(found, "status") || "not set"}, waiting for ${wanted}`);
}

/** The object's conditions, one line each, for whoever must find out why it is not ready. */
export function conditionLines(live: Properties): string[] {
  return listAt(live, "status", "conditions").map((item) => {
    const why = [textAt(item, "reason"), textAt(item, "message")].filter((text) => text !== "").join(": ");
    return `condition ${textAt(item, "type")}=${textAt(item, "status")}${why === "" ? "" : ` ${why}`}`;
  });
}
