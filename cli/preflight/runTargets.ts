import { setTimeout as sleep } from "node:timers/promises";
import { preflightContainers, preflightLabel, parseContainerLog } from "../../jobs/preflight/index.ts";
import type { TargetResult } from "../../jobs/preflight/index.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import { getObjectName } from "../kubernetes/apiObjects.ts";
import type { PodObject } from "../kubernetes/apiObjects.ts";
import {
  createUnlessPresent,
  deleteFollowedObject,
  listSelectedPods,
  readContainerLog,
  readFollowedObject,
} from "../kubernetes/followedObjects.ts";
import { outlastOutage } from "../kubernetes/outlastOutage.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import type { ContainerOutput, PreflightTarget, TargetPhase } from "./preflightTarget.ts";
import { buildTargetResult, buildUntestedResult, readTargetPhase, selectTargetPods } from "./preflightTarget.ts";
import { formatTargetName } from "./renderTargets.ts";

const defaultPollMilliseconds = 2000;

export interface TargetRun {
  readonly clients: ApiClients;
  readonly namespace: string;
  /** The value of the label of this call's objects. */
  readonly id: string;
  readonly image: string;
  /** Milliseconds that a target may wait for free devices. */
  readonly patience: number;
  readonly signal: AbortSignal;
  readonly print: LinePrinter;
  readonly pollMilliseconds?: number;
}

async function readOutput(run: TargetRun, pod: PodObject | undefined, container: string): Promise<ContainerOutput> {
  const name = pod === undefined ? undefined : getObjectName(pod);
  const log = name === undefined ? "" : await readContainerLog(run.clients, { ...run, pod: name, container });
  return { container, pod, log, document: parseContainerLog(log) };
}

async function collectResult(
  run: TargetRun,
  target: PreflightTarget,
  pods: readonly PodObject[],
): Promise<TargetResult> {
  const own = selectTargetPods(target, pods).sort((a, b) => (getObjectName(a) < getObjectName(b) ? -1 : 1));
  const containers = target.manifest.kind === "Job" ? preflightContainers.toReversed() : ["preflight"];
  const expected = own.length === 0 ? [undefined] : own;
  const outputs = await Promise.all(
    expected.flatMap((pod) => containers.map((container) => readOutput(run, pod, container))),
  );
  return buildTargetResult({ target, outputs, image: run.image, now: new Date() });
}

/** A target that has no result yet, with its phase and since when it is in that. */
interface FollowedTarget {
  readonly target: PreflightTarget;
  readonly phase: TargetPhase | undefined;
  readonly since: number;
}

interface TargetsReading {
  /** The pods of all targets. */
  readonly pods: readonly PodObject[];
  readonly followed: readonly (FollowedTarget & { readonly phase: TargetPhase })[];
}

/** Reads all targets with one list of their pods: a cluster of a hundred nodes has as many targets. */
async function readTargets(run: TargetRun, former: readonly FollowedTarget[]): Promise<TargetsReading> {
  const { clients, namespace, id } = run;
  const pods = await listSelectedPods(clients, { namespace, selector: `${preflightLabel}=${id}` });
  const readPhase = async ({ target, ...before }: FollowedTarget) => {
    const phase = readTargetPhase(target, pods, await readFollowedObject(clients, target.manifest));
    return { target, phase, since: phase === before.phase ? before.since : Date.now() };
  };
  return { pods, followed: await Promise.all(former.map(readPhase)) };
}

function printChanges({ print }: TargetRun, former: readonly FollowedTarget[], { followed }: TargetsReading): void {
  for (const [index, { target, phase }] of followed.entries())
    if (phase !== former[index]?.phase) print(`  ${formatTargetName(target.nodes)}: ${phase}`);
}

/** The result of a target that has ended, or has stayed in a phase before that for too long. */
async function findResult(
  run: TargetRun,
  { target, phase, since }: TargetsReading["followed"][number],
  pods: readonly PodObject[],
): Promise<TargetResult | undefined> {
  const isLate = phase !== "runs" && Date.now() - since > run.patience;
  if (phase === "waits for free devices" && isLate) return buildUntestedResult(target, run);
  return phase === "has ended" || isLate ? collectResult(run, target, pods) : undefined;
}

/** Follows the targets until each has a result, in their order. */
async function followTargets(run: TargetRun, targets: readonly PreflightTarget[]): Promise<TargetResult[]> {
  const { signal, pollMilliseconds = defaultPollMilliseconds } = run;
  const results = new Map<PreflightTarget, TargetResult>();
  let followed: readonly FollowedTarget[] = targets.map((target) => ({ target, phase: undefined, since: Date.now() }));
  for (;;) {
    const former = followed;
    const reading = await outlastOutage(() => readTargets(run, former), {
      pauseMilliseconds: pollMilliseconds,
      signal,
    });
    printChanges(run, former, reading);
    await Promise.all(
      reading.followed.map(async (each) => {
        const result = await findResult(run, each, reading.pods);
        if (result !== undefined) results.set(each.target, result);
      }),
    );
    followed = reading.followed.filter(({ target }) => !results.has(target));
    if (followed.length === 0) return targets.flatMap((target) => results.get(target) ?? []);
    await sleep(pollMilliseconds, undefined, { signal });
  }
}

/** Creates the object of a target. Its name is this call's alone: if it exists, the answer to an attempt was lost. */
async function createTargetObject(run: TargetRun, { manifest }: PreflightTarget): Promise<void> {
  const { clients, signal, pollMilliseconds = defaultPollMilliseconds } = run;
  const create = async () => {
    if (await createUnlessPresent(clients, manifest)) return;
    if ((await readFollowedObject(clients, manifest)) !== undefined) return;
    throw new Error(
      `${manifest.kind} ${manifest.metadata.name}: the server reports a conflict, and has no such object`,
    );
  };
  await outlastOutage(create, { pauseMilliseconds: pollMilliseconds, signal });
}

/** Also an interrupted call waits for a server that fails for a moment: what is left holds devices until it ends. */
const interruptedAttempts = 5;

function deleteTargetObject(run: TargetRun, { manifest }: PreflightTarget): Promise<void> {
  const { clients, signal, pollMilliseconds: pauseMilliseconds = defaultPollMilliseconds } = run;
  const attempts = signal.aborted ? { attempts: interruptedAttempts } : {};
  return outlastOutage(() => deleteFollowedObject(clients, manifest), { pauseMilliseconds, ...attempts });
}

/**
 * Tests the targets, each as soon as its nodes are free, and deletes the objects that this made, also when the signal
 * ends it.
 * @throws AbortError if the signal ends it
 */
export async function runTargets(run: TargetRun, targets: readonly PreflightTarget[]): Promise<TargetResult[]> {
  const made: PreflightTarget[] = [];
  try {
    for (const target of targets) {
      run.signal.throwIfAborted();
      made.push(target); // before the request, whose answer may be lost
      await createTargetObject(run, target);
    }
    return await followTargets(run, targets);
  } finally {
    await Promise.all(made.map((target) => deleteTargetObject(run, target)));
  }
}
