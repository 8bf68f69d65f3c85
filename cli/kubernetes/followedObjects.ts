import type { JobManifest, JobSetManifest } from "../../jobs/kube/manifestTypes.ts";
import type { ApiClients } from "./apiClients.ts";
import { isObjectConflict, isNotFoundError } from "./apiErrors.ts";
import type { ConditionedObject, PodObject } from "./apiObjects.ts";
import type { RunKind } from "./objectKinds.ts";
import { getResourcePath } from "./objectKinds.ts";
import { outlastOutage } from "./outlastOutage.ts";

/** An object that a command creates and follows itself; it belongs to the state of no stack. */
export type FollowedManifest = JobManifest | JobSetManifest;

export function selectRunKind({ kind }: Pick<FollowedManifest, "kind">): RunKind {
  return kind === "Job" ? "job" : "jobset";
}

async function createFollowedObject({ custom }: ApiClients, manifest: FollowedManifest): Promise<void> {
  const { namespace = "" } = manifest.metadata;
  await custom.createNamespacedCustomObject({ ...getResourcePath(selectRunKind(manifest)), namespace, body: manifest });
}

/** Creates an object; false if another call has done so at the same time. */
export async function createUnlessPresent(clients: ApiClients, manifest: FollowedManifest): Promise<boolean> {
  try {
    await createFollowedObject(clients, manifest);
    return true;
  } catch (error) {
    if (isObjectConflict(error)) return false;
    throw error;
  }
}

/** Reads an object; undefined once it is gone. */
export async function readFollowedObject(
  { custom }: ApiClients,
  manifest: FollowedManifest,
): Promise<ConditionedObject | undefined> {
  const { name, namespace = "" } = manifest.metadata;
  const location = { ...getResourcePath(selectRunKind(manifest)), namespace, name };
  try {
    return (await custom.getNamespacedCustomObject(location)) as ConditionedObject;
  } catch (error) {
    if (isNotFoundError(error)) return undefined;
    throw error;
  }
}

/** Deletes an object with its pods; nothing happens if it is gone, or if the one that was read has been replaced. */
export async function deleteFollowedObject(
  { custom }: ApiClients,
  manifest: FollowedManifest,
  read?: ConditionedObject,
): Promise<void> {
  const { name, namespace = "" } = manifest.metadata;
  const location = { ...getResourcePath(selectRunKind(manifest)), namespace, name };
  try {
    const uid = read?.metadata?.uid;
    // All options are in the body: where there is one, the server does not read those of the query.
    const body = { propagationPolicy: "Background", ...(uid !== undefined && { preconditions: { uid } }) };
    await custom.deleteNamespacedCustomObject({ ...location, body });
  } catch (error) {
    if (!isNotFoundError(error) && !isObjectConflict(error)) throw error;
  }
}

interface PodSelection {
  readonly namespace: string;
  readonly selector: string;
}

export async function listSelectedPods(
  { core }: ApiClients,
  { namespace, selector }: PodSelection,
): Promise<PodObject[]> {
  return (await core.listNamespacedPod({ namespace, labelSelector: selector })).items;
}

const logTailLines = 100;

/** Attempts at a log: a node that is lost does not answer, and what it ran is judged without its log. */
const logAttempts = 5;

interface ContainerReference {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Between two attempts; a second by default. */
  readonly pauseMilliseconds?: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads the end of a container's log; empty if it has none, or if its node does not answer time after time. The API
 * server asks the kubelet for it, and either may be busy at that moment: what a container has found out is in its log
 * alone.
 * @throws AbortError if the signal ends the pause between two attempts
 */
export async function readContainerLog(
  { core }: ApiClients,
  { namespace, pod, container, pauseMilliseconds = 1000, signal }: ContainerReference,
): Promise<string> {
  const readLog = () => core.readNamespacedPodLog({ namespace, name: pod, container, tailLines: logTailLines });
  return outlastOutage(readLog, { pauseMilliseconds, attempts: logAttempts, signal }).catch(() => {
    signal?.throwIfAborted();
    return "";
  });
}
