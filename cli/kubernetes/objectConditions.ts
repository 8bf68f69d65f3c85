import { parseMilliseconds } from "./apiObjects.ts";
import type { ConditionedObject, ObjectCondition } from "./apiObjects.ts";
import { objectKinds } from "./objectKinds.ts";
import type { RunKind } from "./objectKinds.ts";

/** The first condition of one of the types that is true. */
export function findTrueCondition(
  object: ConditionedObject | undefined,
  ...types: readonly string[]
): ObjectCondition | undefined {
  return object?.status?.conditions?.find(({ type, status }) => types.includes(type) && status === "True");
}

export function hasSucceeded(kind: RunKind, object: ConditionedObject | undefined): boolean {
  return findTrueCondition(object, objectKinds[kind].endConditions.succeeded) !== undefined;
}

/** True if the object has failed for good: its controller does not try again. */
export function hasFailed(kind: RunKind, object: ConditionedObject | undefined): boolean {
  return findTrueCondition(object, objectKinds[kind].endConditions.failed) !== undefined;
}

export function hasEnded(kind: RunKind, object: ConditionedObject | undefined): boolean {
  return hasSucceeded(kind, object) || hasFailed(kind, object);
}

/** The time at which the condition became true on the last of the objects; undefined unless it is true on all. */
export function conditionTransitionTime(objects: readonly ConditionedObject[], type: string): Date | undefined {
  const times = objects.map((object) => parseMilliseconds(findTrueCondition(object, type)?.lastTransitionTime));
  const known = times.filter((time) => time !== null);
  return known.length === 0 || known.length < times.length ? undefined : new Date(Math.max(...known));
}
