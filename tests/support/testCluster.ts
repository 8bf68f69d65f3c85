import { runMixcptSuccessfully } from "./mixcptCommand.ts";
import { pollUntilDefined } from "./poll.ts";

/** The stack of infra/ that provisions the hosts, and the experiment stack with the two cells. */
export const testStack = "test";
/** The stack of infra/ that installs the platform on them. */
export const platformStack = "test-existing";

/** Matches the summary of an update that changed at least one resource. */
export const resourceChangePattern = /\d+ (created|changed|replaced|deleted)/;

/** Runs kubectl on the cluster of the tests and returns its output. */
export function runPlatformKubectl(...args: string[]): Promise<string> {
  return runMixcptSuccessfully("kubectl", "--cluster", platformStack, "-n", "mixcpt", ...args);
}

export interface ObjectWithConditions {
  readonly metadata: { name: string; annotations?: Record<string, string> };
  readonly status?: { conditions?: { type: string; status: string }[] };
}

export async function listClusterObjects<T>(kind: string, ...more: string[]): Promise<T[]> {
  return (JSON.parse(await runPlatformKubectl("get", kind, "-o", "json", ...more)) as { items: T[] }).items;
}

export function hasCondition(object: ObjectWithConditions, type: string): boolean {
  return (
    object.status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false
  );
}

/**
 * Calls `fetchValue` every second until it returns a value.
 * @throws Error if it returns none within the given seconds
 */
export function pollFor<T>(what: string, seconds: number, fetchValue: () => Promise<T | undefined>): Promise<T> {
  return pollUntilDefined(what, { seconds, intervalMs: 1000 }, fetchValue);
}
