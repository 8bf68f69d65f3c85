import { z } from "zod";

export const checkStatuses = ["pass", "warn", "fail", "skipped"] as const;
export type CheckStatus = (typeof checkStatuses)[number];

const checkResultSchema = z.object({
  name: z.string(),
  status: z.enum(checkStatuses),
  detail: z.string(),
  value: z.number().nullable(),
  unit: z.string(),
  advice: z.string(),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

const containerDocumentSchema = z.object({
  preflight: z.object({ checks: z.array(checkResultSchema), facts: z.record(z.string(), z.string()) }),
});

/** The document that a container prints. */
export interface ContainerDocument {
  readonly checks: readonly CheckResult[];
  readonly facts: Readonly<Record<string, string>>;
}

const documentPrefix = '{"preflight":';

/** Parses the document in the log of a container, which libraries may print to as well; undefined without one. */
export function parseContainerLog(log: string): ContainerDocument | undefined {
  const line = log.split("\n").findLast((one) => one.startsWith(documentPrefix));
  try {
    return line === undefined ? undefined : containerDocumentSchema.parse(JSON.parse(line)).preflight;
  } catch {
    return undefined; // cut off, or of another version
  }
}

/** The results of a node, or of a pair of nodes, as the cluster keeps them. */
export const targetResultSchema = z.object({
  nodes: z.array(z.string()),
  time: z.string(),
  image: z.string(),
  checks: z.array(checkResultSchema),
  facts: z.record(z.string(), z.string()),
});
export type TargetResult = z.infer<typeof targetResultSchema>;

/** The worst status; skipped checks count only where there are no others. */
export function findWorstStatus(checks: readonly CheckResult[]): CheckStatus {
  const order: readonly CheckStatus[] = ["fail", "warn", "pass"];
  return order.find((status) => checks.some((check) => check.status === status)) ?? "skipped";
}

/** A pair of nodes this much slower than the middle one is reported: our assumption. */
const slowPairShare = 0.8;
const betweenCheck = "all-reduce-between";

function findCheckValue({ checks }: TargetResult, name: string): number | undefined {
  return checks.find((check) => check.name === name)?.value ?? undefined;
}

function computeMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function warnSlowPair(check: CheckResult, middle: number): CheckResult {
  if (check.name !== betweenCheck || check.status === "fail" || check.value === null) return check;
  if (check.value >= middle * slowPairShare) return check;
  return {
    ...check,
    status: "warn",
    detail: `${check.detail}; the middle pair has ${middle.toPrecision(3)} GB/s`,
    advice: "compare the other pairs of both nodes: the node that is slow in all of them has a bad link",
  };
}

/** Marks the pairs that are slower than the others, which no pod can know. */
export function markSlowPairs(results: readonly TargetResult[]): TargetResult[] {
  const middle = computeMedian(results.flatMap((result) => findCheckValue(result, betweenCheck) ?? []));
  return results.map((result) => ({ ...result, checks: result.checks.map((check) => warnSlowPair(check, middle)) }));
}

/** Facts of all nodes that differ, such as the kernel: `kernel: 6.8 (a, b), 6.5 (c)`. */
export function listDifferingFacts(results: readonly TargetResult[]): string[] {
  const nodes = results.filter(({ nodes: tested }) => tested.length === 1);
  const names = new Set(nodes.flatMap(({ facts }) => Object.keys(facts)));
  return [...names].flatMap((name) => {
    const byValue = Map.groupBy(nodes, ({ facts }) => facts[name] ?? "unknown");
    if (byValue.size < 2) return [];
    const parts = [...byValue].map(([value, some]) => `${value} (${some.flatMap((one) => one.nodes).join(", ")})`);
    return `${name}: ${parts.join(", ")}`;
  });
}

/** Nodes that were tested alone without a failure. */
export function listPassedNodes(results: readonly TargetResult[]): string[] {
  const passed: readonly CheckStatus[] = ["pass", "warn"];
  return results.flatMap(({ nodes, checks }) =>
    nodes.length === 1 && passed.includes(findWorstStatus(checks)) ? nodes : [],
  );
}

/** Nodes that fail alone. A pair that fails does not say which of its nodes is the cause. */
export function listFailedNodes(results: readonly TargetResult[]): string[] {
  return results.flatMap(({ nodes, checks }) =>
    nodes.length === 1 && findWorstStatus(checks) === "fail" ? nodes : [],
  );
}
