import { lastProgress, type Progress } from "./progress.ts";
import { millisecondsOf, nameOf, type Pod, type Snapshot } from "./snapshot.ts";

const kueueGates = "kueue.x-k8s.io/";

export const isQueued = ({ spec }: Pod): boolean => spec?.schedulingGates?.some(({ name }) => name.startsWith(kueueGates)) ?? false;

const inPhase = (phase: string) => ({ status }: Pod): boolean => status?.phase === phase;

export const isRunning = inPhase("Running");
export const isPending = inPhase("Pending");
export const isFailed = inPhase("Failed");

/** Reasons that a pod passes through by itself; every other one is worth showing. */
const usual = ["ContainerCreating", "PodInitializing"];

/** Why a pending pod does not start, where that is more than "not yet". */
export const obstacle = ({ status }: Pod): string => {
  const waiting = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].flatMap(({ state }) => state?.waiting?.reason ?? []);
  const unscheduled = status?.conditions?.find(({ type, status: is, reason }) => type === "PodScheduled" && is === "False" && reason === "Unschedulable");
  return waiting.find((reason) => !usual.includes(reason)) ?? (unscheduled ? "no node fits" : "");
};

export const progressOf = (pod: Pod, { logs }: Snapshot): Progress | null => lastProgress(logs.get(nameOf(pod)));

/** Seconds left at the pace so far: of the pods' earliest start and the fraction done; null while too little is done to say. */
export const pace = (pods: readonly Pod[], fraction: number, { now }: Snapshot): number | null => {
  const starts = pods.flatMap(({ status }) => millisecondsOf(status?.startTime) ?? []);
  if (starts.length === 0 || fraction < 0.02) return null;
  return ((now - Math.min(...starts)) / 1000 / fraction) * (1 - fraction);
};
