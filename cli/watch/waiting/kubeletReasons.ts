import { getObjectName } from "../../kubernetes/apiObjects.ts";
import type { ClusterSnapshot, EventObject, PodContainerStatus, PodObject } from "../../kubernetes/apiObjects.ts";
import { findTrueCondition } from "../../kubernetes/objectConditions.ts";
import { getEventTime, isWarning, listObjectEvents } from "../../kubernetes/objectEvents.ts";
import { isPodFailed } from "../../kubernetes/podStatus.ts";
import { findLastFailedPod, getCreationTime, isPodActive } from "./runObjects.ts";
import type { RunObjects } from "./runObjects.ts";
import { listClaimNames } from "./schedulerReasons.ts";
import { truncateMessage } from "./waitingReason.ts";
import type { WaitingReason } from "./waitingReason.ts";

type KubeletVerdict = Pick<WaitingReason, "kind" | "summary" | "message"> & Partial<Pick<WaitingReason, "since">>;

const imageReasons = [
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
];
/** Reasons that every pod passes through. */
const ordinaryReasons = ["ContainerCreating", "PodInitializing"];

const pullCauses: readonly (readonly [RegExp, string])[] = [
  [/unauthorized|forbidden|denied|authentication required|\b40[13]\b/i, "the registry refuses access"],
  [/x509|certificate/i, "the registry's certificate is not trusted"],
  [/no such host|timeout|timed out|refused|unreachable|\bi\/o\b|EOF/i, "the registry is not reachable"],
  [/no space left/i, "the node's disk is full"],
  [/toomanyrequests|rate limit|\b429\b/i, "the registry limits the rate"],
  [/not found|manifest unknown|name unknown|does not exist/i, "not in the registry"],
  [/ErrImageNeverPull|not present with pull policy/i, "not on the node"],
];

/** The cause of a failed pull: registries that refuse access also say that the image does not exist. */
function describePull(reason: string, message: string): string {
  const cause = pullCauses.find(([pattern]) => pattern.test(`${reason} ${message}`))?.[1];
  return `image not pulled: ${cause ?? reason}`;
}

function listPodEvents(pod: PodObject, snapshot: ClusterSnapshot, pattern: RegExp): EventObject[] {
  return listObjectEvents(snapshot, "Pod", getObjectName(pod)).filter(
    (event) => isWarning(event) && pattern.test(event.reason ?? ""),
  );
}

function listContainerStatuses({ status }: PodObject): PodContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

/** `exit code 137, OOMKilled` */
function describeTermination({ lastState, state }: PodContainerStatus): string {
  const terminated = lastState?.terminated ?? state?.terminated;
  if (terminated === undefined) return "";
  const reason = terminated.reason === undefined || terminated.reason === "Error" ? "" : `, ${terminated.reason}`;
  return `exit code ${String(terminated.exitCode)}${reason}`;
}

function describeContainer(
  container: PodContainerStatus,
  pod: PodObject,
  snapshot: ClusterSnapshot,
): KubeletVerdict | undefined {
  const { reason = "", message = "" } = container.state?.waiting ?? {};
  if (reason === "" || ordinaryReasons.includes(reason)) return undefined;
  if (imageReasons.includes(reason)) {
    // the back-off's own message may only repeat the image; the event of the failed pull has the cause
    const event = listPodEvents(pod, snapshot, /^(Failed|ErrImageNeverPull|InspectFailed)$/).findLast((candidate) =>
      /image/i.test(candidate.message ?? ""),
    );
    const words = [message, event?.message ?? ""].filter(Boolean).join("\n");
    return { kind: "image", summary: describePull(reason, words), message: words || reason };
  }
  if (reason === "CrashLoopBackOff") {
    const restarts = `${String(container.restartCount ?? 0)} restarts`;
    const summary = ["crash loop: ", [describeTermination(container), restarts].filter(Boolean).join(", ")].join("");
    return { kind: "crash loop", summary, message: message || reason };
  }
  return {
    kind: "container",
    summary: `container not created: ${truncateMessage(message || reason)}`,
    message: message || reason,
  };
}

/** The part of a mount's message after the volume's name: what is wrong with it. */
function describeMount(pod: PodObject, message: string): string {
  const [volume = listClaimNames(pod)[0] ?? ""] = [/for volume "([^"]+)"/, /unmounted volumes=\[([^\]\s]+)/].flatMap(
    (pattern) => pattern.exec(message)?.[1] ?? [],
  );
  const cause = /for volume "[^"]+" ?: (.+)/s.exec(message)?.[1] ?? "";
  const short = cause.replace(/^rpc error: code = \w+ desc = /, "").replace(/^hostPath type check failed: /, "");
  return `volume ${volume} not mounted${short === "" ? "" : `: ${truncateMessage(short)}`}`;
}

/** The newest warning of a pod that is bound and whose containers are not created. */
function describePodEvents(pod: PodObject, snapshot: ClusterSnapshot): KubeletVerdict | undefined {
  const isCreating = listContainerStatuses(pod).every(({ state }) => state?.waiting !== undefined);
  if (!isCreating) return undefined;
  const event = listPodEvents(pod, snapshot, /^Failed(Mount|AttachVolume|MapVolume|CreatePodSandBox)$/).at(-1);
  if (event === undefined) return undefined;
  const message = event.message ?? "";
  const since = getEventTime(event) || null;
  return event.reason === "FailedCreatePodSandBox"
    ? { kind: "sandbox", summary: `pod sandbox not created: ${truncateMessage(message)}`, message, since }
    : { kind: "mount", summary: describeMount(pod, message), message, since };
}

function describeActivePod(pod: PodObject, snapshot: ClusterSnapshot): KubeletVerdict | undefined {
  const verdicts = listContainerStatuses(pod).map((container) => describeContainer(container, pod, snapshot));
  return verdicts.find((verdict) => verdict !== undefined) ?? describePodEvents(pod, snapshot);
}

/** Pods that were taken away are replaced; the condition says by whom. */
function describeFailedPod(pod: PodObject, attempts: number): KubeletVerdict {
  const disrupted = findTrueCondition(pod, "DisruptionTarget", "TerminationTarget");
  if (disrupted !== undefined) {
    const message = disrupted.message ?? disrupted.reason ?? "";
    return { kind: "preempted", summary: `pod taken away (${disrupted.reason ?? "disrupted"}); starts again`, message };
  }
  const { reason, message = "" } = pod.status ?? {};
  if (reason !== undefined)
    return { kind: "kubelet refusal", summary: `kubelet refuses the pod: ${reason}`, message: message || reason };
  const ended = listContainerStatuses(pod).map(describeTermination).find(Boolean) ?? "failed";
  const summary = attempts > 1 ? `crash loop: ${ended}, ${String(attempts)} attempts` : `${ended}; starts again`;
  return { kind: "crash loop", summary, message };
}

function buildKubeletReason(pod: PodObject, verdict: KubeletVerdict): WaitingReason {
  const object = { kind: "Pod", name: getObjectName(pod) };
  return { source: "kubelet", object, since: getCreationTime(pod), ...verdict };
}

/** Finds the reason why the kubelet does not run a pod of the run, or why its pods keep failing. */
export function findKubeletReason(run: RunObjects, snapshot: ClusterSnapshot): WaitingReason | undefined {
  const reasons = run.pods.filter(isPodActive).flatMap((pod) => {
    const verdict = describeActivePod(pod, snapshot);
    return verdict === undefined ? [] : [buildKubeletReason(pod, verdict)];
  });
  const failed = findLastFailedPod(run);
  const attempts = Math.max(run.pods.filter(isPodFailed).length, run.jobSet?.status?.restarts ?? 0);
  return reasons[0] ?? (failed && buildKubeletReason(failed, describeFailedPod(failed, attempts)));
}
