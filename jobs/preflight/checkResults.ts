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
  /** Nodes of the same call that wrote to the store, at the same time if all were free; omitted by older versions. */
  storeWriters: z.int().positive().optional(),
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

const storeCheck = "store-write";
/** A node below this share of the middle one has a fault of its own: our assumption, as between a node and the plan. */
const faultyStoreShare = 0.25;

function excuseStore(check: CheckResult, middle: number): CheckResult {
  if (check.name !== storeCheck || check.status !== "fail" || check.value === null) return check;
  if (check.value < middle * faultyStoreShare) return check;
  const detail = `${check.detail}; other nodes wrote at the same time, the middle one ${middle.toPrecision(3)} MB/s`;
  return { ...check, status: "warn", detail };
}

/**
 * Turns a store that is too slow from all nodes into a warning. They share it and write at the same time, so that it
 * says nothing against a node; a single one that is much slower than the others still fails.
 */
export function excuseSharedStore(results: readonly TargetResult[]): TargetResult[] {
  const rates = results.flatMap((result) => findCheckValue(result, storeCheck) ?? []);
  if (rates.length < 2) return [...results];
  const middle = computeMedian(rates);
  return results.map((result) => ({ ...result, checks: result.checks.map((check) => excuseStore(check, middle)) }));
}

/** Keeps with each node's result how many nodes wrote to the store together, without which its rate says little. */
export function recordStoreWriters(results: readonly TargetResult[]): TargetResult[] {
  const wrote = (result: TargetResult): boolean => findCheckValue(result, storeCheck) !== undefined;
  const storeWriters = results.filter(wrote).length;
  return results.map((result) => (wrote(result) ? { ...result, storeWriters } : result));
}

/** Selects the nodes that told their facts; of others nothing is known. */
function selectKnownNodes(results: readonly TargetResult[]): TargetResult[] {
  return results.filter(({ nodes, facts }) => nodes.length === 1 && Object.keys(facts).length > 0);
}

/** Facts in which all nodes agree, such as the kernel. */
export function listCommonFacts(results: readonly TargetResult[]): string[] {
  const [first, ...others] = selectKnownNodes(results).map(({ facts }) => facts);
  return Object.entries(first ?? {}).flatMap(([name, value]) =>
    others.every((facts) => facts[name] === value) ? [`${name} ${value}`] : [],
  );
}

/** Of more nodes than these only their number is shown: in a large cluster the others are those to look at. */
const maxNamedNodes = 8;

function formatNodes(names: readonly string[]): string {
  return names.length > maxNamedNodes ? `${String(names.length)} nodes` : names.join(", ");
}

/** Facts of the image and not of the node. */
const imageFacts = ["torch", "rocm", "rccl"];

/**
 * Selects from kept results the nodes that the cluster still has and this call did not test. What another image had
 * installed is left out: it is no property of the node.
 */
export function selectEarlierNodes(
  kept: readonly TargetResult[],
  { tested, names }: { readonly tested: readonly TargetResult[]; readonly names: readonly string[] },
): TargetResult[] {
  const isTested = (name: string): boolean => tested.some(({ nodes }) => nodes.length === 1 && nodes[0] === name);
  const images = new Set(tested.map(({ image }) => image));
  return kept
    .filter(({ nodes: [name = "", ...others] }) => others.length === 0 && names.includes(name) && !isTested(name))
    .map((result) => (images.has(result.image) ? result : { ...result, facts: omitImageFacts(result.facts) }));
}

function omitImageFacts(facts: TargetResult["facts"]): TargetResult["facts"] {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !imageFacts.includes(name)));
}

/**
 * Facts in which nodes differ, such as the kernel: `kernel: 6.8 (a, b), 6.5 (c)`. A tested node without a fact, such as
 * its adapters, has none; of earlier nodes that is unknown.
 */
export function listDifferingFacts(results: readonly TargetResult[], earlier: readonly TargetResult[] = []): string[] {
  const tested = selectKnownNodes(results);
  if (tested.length === 0) return [];
  const names = new Set([...tested, ...earlier].flatMap(({ facts }) => Object.keys(facts)));
  return [...names].flatMap((name) => {
    const compared = [...tested, ...earlier.filter(({ facts }) => name in facts)];
    const byValue = Map.groupBy(compared, ({ facts }) => facts[name] ?? "none");
    if (byValue.size < 2) return [];
    const parts = [...byValue].map(([value, some]) => `${value} (${formatNodes(some.flatMap((one) => one.nodes))})`);
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
