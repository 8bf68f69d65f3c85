import type { ContainerDocument, TargetResult } from "../../jobs/preflight/index.ts";
import { findWorstStatus } from "../../jobs/preflight/index.ts";
import type { ConditionedObject, PodObject } from "../kubernetes/apiObjects.ts";
import { getObjectLabel } from "../kubernetes/apiObjects.ts";
import { hasEnded } from "../kubernetes/objectConditions.ts";
import { jobLabel, jobSetLabel } from "../kubernetes/objectKinds.ts";
import type { FollowedManifest } from "../kubernetes/followedObjects.ts";
import { selectRunKind } from "../kubernetes/followedObjects.ts";
import { isPodQueued, listContainerStates } from "../kubernetes/podStatus.ts";

/** A node, or a pair of nodes, and the object that tests it. */
export interface PreflightTarget {
  readonly nodes: readonly string[];
  readonly manifest: FollowedManifest;
}

export type TargetPhase = "waits for free devices" | "starts" | "runs" | "has ended";

export function selectTargetPods({ manifest }: PreflightTarget, pods: readonly PodObject[]): PodObject[] {
  const label = manifest.kind === "Job" ? jobLabel : jobSetLabel;
  return pods.filter((pod) => getObjectLabel(pod, label) === manifest.metadata.name);
}

function isPodEnded({ status }: PodObject): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

function hasStarted(pod: PodObject): boolean {
  return listContainerStates(pod).some(({ waiting, terminated }) => waiting === undefined || terminated !== undefined);
}

/** The progress of a target by its pods; `object` is undefined once it was deleted. */
export function readTargetPhase(
  target: PreflightTarget,
  pods: readonly PodObject[],
  object: ConditionedObject | undefined,
): TargetPhase {
  const own = selectTargetPods(target, pods);
  const kind = selectRunKind(target.manifest);
  const podsHaveEnded = own.length === target.nodes.length && own.every(isPodEnded);
  if (object === undefined || podsHaveEnded || hasEnded(kind, object)) return "has ended";
  if (own.length === 0 || own.some(isPodQueued)) return "waits for free devices";
  return own.every(hasStarted) ? "runs" : "starts";
}

/** Explains in one line why a container left no document. */
function explainMissingDocument(container: string, pod: PodObject | undefined, log: string): string {
  const states = pod === undefined ? [] : listContainerStates(pod);
  const reasons = states.flatMap(({ waiting, terminated }) => [
    waiting?.message ?? waiting?.reason,
    terminated?.exitCode === 0 ? undefined : (terminated?.message ?? terminated?.reason),
  ]);
  const lastLine = log.trim().split("\n").at(-1) ?? "";
  const known = [...reasons, pod?.status?.message, lastLine].filter((reason) => reason !== undefined && reason !== "");
  return `container ${container} left no results: ${known.join("; ") || "no reason is known"}`;
}

/** The log of a container of a target's pod. */
export interface ContainerOutput {
  readonly container: string;
  readonly pod: PodObject | undefined;
  readonly log: string;
  readonly document: ContainerDocument | undefined;
}

function listChecks({ container, pod, log, document }: ContainerOutput): TargetResult["checks"] {
  if (document !== undefined) return [...document.checks];
  const detail = explainMissingDocument(container, pod, log);
  const advice = "the image may be older than this command: run ./mixcpt cluster up after ./mixcpt setup";
  return [{ name: container, status: "fail", detail, value: null, unit: "", advice }];
}

/** Keeps one row where both nodes of a pair report a check: the worst, or the first of equal ones. */
function mergePairChecks(checks: TargetResult["checks"]): TargetResult["checks"] {
  const byName = Map.groupBy(checks, ({ name }) => name);
  return [...byName.values()].flatMap((same) => same.find(({ status }) => status === findWorstStatus(same)) ?? []);
}

interface TargetEnd {
  readonly target: PreflightTarget;
  readonly outputs: readonly ContainerOutput[];
  readonly image: string;
  readonly now: Date;
}

export function buildTargetResult({ target, outputs, image, now }: TargetEnd): TargetResult {
  const checks = outputs.flatMap(listChecks);
  return {
    nodes: [...target.nodes],
    time: now.toISOString(),
    image,
    checks: target.nodes.length > 1 ? mergePairChecks(checks) : checks,
    facts: Object.assign({}, ...outputs.map(({ document }) => document?.facts ?? {})) as Record<string, string>,
  };
}

/** Builds the result of a target that got no devices for `patience` milliseconds. */
export function buildUntestedResult(
  { nodes }: PreflightTarget,
  { image, patience }: { readonly image: string; readonly patience: number },
): TargetResult {
  const detail = `not tested: its devices were not free for ${String(patience / 60_000)} min; wait longer with --wait`;
  const check = { name: "preflight", status: "skipped", detail, value: null, unit: "", advice: "" } as const;
  return { nodes: [...nodes], time: new Date().toISOString(), image, checks: [check], facts: {} };
}
