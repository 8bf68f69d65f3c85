import { setTimeout as sleep } from "node:timers/promises";
import { preflightContainers, preflightLabel, parseContainerLog } from "../../jobs/preflight/index.ts";
import type { TargetResult } from "../../jobs/preflight/index.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import { getObjectName } from "../kubernetes/apiObjects.ts";
import type { PodObject } from "../kubernetes/apiObjects.ts";
import {
  createFollowedObject,
  deleteFollowedObject,
  listSelectedPods,
  readContainerLog,
  readFollowedObject,
} from "../kubernetes/followedObjects.ts";
import { retryReading } from "../kubernetes/retryReading.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import type { ContainerOutput, PreflightTarget, TargetPhase } from "./preflightTarget.ts";
import { buildTargetResult, buildUntestedResult, readTargetPhase, selectTargetPods } from "./preflightTarget.ts";
import { formatTargetName } from "./renderPreflight.ts";

const pollMilliseconds = 2000;

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

interface TargetReading {
  readonly pods: readonly PodObject[];
  readonly phase: TargetPhase;
}

async function readTarget({ clients, namespace, id }: TargetRun, target: PreflightTarget): Promise<TargetReading> {
  const pods = await listSelectedPods(clients, { namespace, selector: `${preflightLabel}=${id}` });
  return { pods, phase: readTargetPhase(target, pods, await readFollowedObject(clients, target.manifest)) };
}

/** Waits until a target has ended, or has stayed in a phase before that for too long, and collects its results. */
async function followTarget(run: TargetRun, target: PreflightTarget): Promise<TargetResult> {
  const retryPauses = { pauseMilliseconds: pollMilliseconds, signal: run.signal };
  let shown: TargetPhase | undefined;
  for (let since = Date.now(); ; await sleep(pollMilliseconds, undefined, { signal: run.signal })) {
    const { pods, phase } = await retryReading(() => readTarget(run, target), retryPauses);
    if (phase !== shown) {
      run.print(`  ${formatTargetName(target.nodes)}: ${phase}`);
      [shown, since] = [phase, Date.now()];
    }
    const isLate = phase !== "runs" && Date.now() - since > run.patience;
    if (phase === "waits for free devices" && isLate) return buildUntestedResult(target, run);
    if (phase === "has ended" || isLate) return collectResult(run, target, pods);
  }
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
      await createFollowedObject(run.clients, target.manifest);
    }
    return await Promise.all(targets.map((target) => followTarget(run, target)));
  } finally {
    await Promise.all(made.map(({ manifest }) => deleteFollowedObject(run.clients, manifest)));
  }
}
