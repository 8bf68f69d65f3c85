import { setTimeout as sleep } from "node:timers/promises";
import { preflightContainers, preflightLabel, parseContainerLog } from "../../jobs/preflight/index.ts";
import type { TargetResult } from "../../jobs/preflight/index.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import { getObjectName } from "../kubernetes/apiObjects.ts";
import type { PodObject } from "../kubernetes/apiObjects.ts";
import {
  createPreflightObject,
  deletePreflightObject,
  listPreflightPods,
  readContainerLog,
  readPreflightObject,
} from "../kubernetes/preflightClient.ts";
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

/** Waits until a target has ended and collects its results. */
async function followTarget(run: TargetRun, target: PreflightTarget): Promise<TargetResult> {
  const deadline = Date.now() + run.patience;
  const name = formatTargetName(target.nodes);
  let shown: TargetPhase | undefined;
  for (;;) {
    const selector = `${preflightLabel}=${run.id}`;
    const pods = await listPreflightPods(run.clients, { namespace: run.namespace, selector });
    const phase = readTargetPhase(target, pods, await readPreflightObject(run.clients, target.manifest));
    if (phase !== shown) run.print(`  ${name}: ${phase}`);
    shown = phase;
    if (phase === "has ended") return collectResult(run, target, pods);
    if (phase !== "runs" && Date.now() > deadline)
      return buildUntestedResult(target, run.image, `it ${phase} since ${run.patience / 60_000} min; see --wait`);
    await sleep(pollMilliseconds, undefined, { signal: run.signal });
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
      await createPreflightObject(run.clients, target.manifest);
    }
    return await Promise.all(targets.map((target) => followTarget(run, target)));
  } finally {
    await Promise.all(made.map(({ manifest }) => deletePreflightObject(run.clients, manifest)));
  }
}
