import type { TargetResult } from "./checkResults.ts";
import { targetResultSchema } from "./checkResults.ts";

/** The ConfigMap of a cluster's namespace with the last results. */
export const resultsConfigMap = "mixcpt-preflight";

const keySeparator = "_";

/** The key of a node is its name. That of a pair has an underscore, which no name of a node has. */
export function formatResultKey(nodes: readonly string[]): string {
  return nodes.join(keySeparator);
}

/** Lists the keys of kept results whose nodes the cluster no longer has. */
export function listStaleKeys(data: Readonly<Record<string, string>>, nodes: readonly string[]): string[] {
  const isGone = (name: string): boolean => !nodes.includes(name);
  return Object.keys(data).filter((key) => key.split(keySeparator).some(isGone));
}

export function formatKeptResults(results: readonly TargetResult[]): Record<string, string> {
  return Object.fromEntries(results.map((result) => [formatResultKey(result.nodes), JSON.stringify(result)]));
}

function parseKeptResult(text: string): TargetResult[] {
  try {
    return [targetResultSchema.parse(JSON.parse(text))];
  } catch {
    return []; // of another version, or edited
  }
}

/** Parses the data of the ConfigMap; entries that are not results are left out. */
export function parseKeptResults(data: Readonly<Record<string, string>>): TargetResult[] {
  return Object.values(data).flatMap(parseKeptResult);
}
