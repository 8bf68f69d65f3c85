import { runMixcptSuccessfully } from "./mixcptCommand.ts";

/** The stack of infra/ that makes the hosts, and the experiments stack with the two cells. */
export const testStack = "test";
/** The stack of infra/ that puts the platform on them. */
export const platformStack = "test-existing";

/** kubectl on the cluster of the tests; the answer parsed where it is JSON. */
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

/** Asks again every second until the answer is there. @throws Error after the given seconds */
export async function pollFor<T>(what: string, seconds: number, ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((wake) => setTimeout(wake, 1000));
  }
  throw new Error(`${what} did not happen within ${String(seconds)} s`);
}
