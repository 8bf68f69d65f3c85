import { readContextNamespace } from "../../infra/kubeconfigContext.ts";
import { stackLabel } from "../../jobs/kube/objectLabels.ts";
import { connectToServer, createApiClients } from "./apiClients.ts";
import type { RequestLimits } from "./apiClients.ts";
import { isNotFoundError } from "./apiErrors.ts";
import { emptyEvidence } from "./apiObjects.ts";
import type { ClusterSnapshot, ConditionedObject, JobObject, PodObject, TrainJobObject } from "./apiObjects.ts";
import { createEvidenceReader } from "./evidenceReader.ts";
import type { EvidenceOptions } from "./evidenceReader.ts";
import { getResourcePath, projectSelector } from "./objectKinds.ts";
import type { RunKind } from "./objectKinds.ts";
import { createFollowingLister, createHeartbeat } from "./followObjects.ts";
import { listObjects } from "./objectQuery.ts";
import type { ObjectLister, ObjectQuery } from "./objectQuery.ts";
import { createLogReader } from "./podLogs.ts";
import { isPodFailed, isPodRunning } from "./podStatus.ts";

/** Reads the state of a namespace. Rejects if the API server is unreachable or refuses. */
export type SnapshotReader = () => Promise<ClusterSnapshot>;

const noRuns: readonly never[] = [];

/** Lists the objects of a kind. A kind that is not installed (yet) has no objects. */
async function listRuns<T extends ConditionedObject>(list: ObjectLister, query: ObjectQuery): Promise<readonly T[]> {
  try {
    return await list<T>(query);
  } catch (error) {
    if (isNotFoundError(error)) return noRuns;
    throw error;
  }
}

/** Selects the objects of stacks. */
function buildStackSelector(stacks: readonly string[] | undefined): Pick<ObjectQuery, "labelSelector"> {
  return stacks === undefined ? {} : { labelSelector: `${projectSelector},${stackLabel} in (${stacks.join(",")})` };
}

function buildRunPath(kind: RunKind, namespace: string): string {
  const { group, version, plural } = getResourcePath(kind);
  return `/apis/${group}/${version}/namespaces/${namespace}/${plural}`;
}

type RunLists = Pick<ClusterSnapshot, "pods" | "jobs" | "trainJobs" | "jobSets">;

async function readRuns(list: ObjectLister, namespace: string, stacks?: readonly string[]): Promise<RunLists> {
  const ofStacks = buildStackSelector(stacks);
  const ofProject = { labelSelector: projectSelector, ...ofStacks };
  const [pods, jobs, trainJobs, jobSets] = await Promise.all([
    list<PodObject>({ path: `/api/v1/namespaces/${namespace}/pods`, ...ofStacks }),
    // the controller of JobSets labels pods as their template says, and Jobs with the JobSet's name alone
    list<JobObject>({ path: buildRunPath("job", namespace) }),
    listRuns<TrainJobObject>(list, { path: buildRunPath("trainjob", namespace), ...ofProject }),
    listRuns<ConditionedObject>(list, { path: buildRunPath("jobset", namespace), ...ofProject }),
  ]);
  return { pods, jobs, trainJobs, jobSets };
}

export interface NamespaceAccess {
  /** Content of a kubeconfig. */
  readonly kubeconfig: string;
  readonly namespace: string;
}

/** Returns the access to the namespace of the experiments that a kubeconfig names. */
export function getNamespaceAccess(kubeconfig: string): NamespaceAccess {
  return { kubeconfig, namespace: readContextNamespace(kubeconfig) };
}

/** Runs with the logs of running pods alone, or also what says why work waits or has failed. */
export type SnapshotExtent = "runs" | "reasons";

interface SnapshotOptions extends EvidenceOptions, RequestLimits {
  /** Reads only objects of these stacks; all of this project's by default. */
  readonly stacks?: readonly string[];
  /** "reasons" by default. */
  readonly extent?: SnapshotExtent;
}

function selectLoggingPods(pods: readonly PodObject[], { extent = "reasons" }: SnapshotOptions): PodObject[] {
  return pods.filter((pod) => isPodRunning(pod) || (extent === "reasons" && isPodFailed(pod)));
}

interface SnapshotSources {
  readonly list: ObjectLister;
  readonly readLogs: ReturnType<typeof createLogReader>;
  readonly namespace: string;
}

function combineSources({ list, readLogs, namespace }: SnapshotSources, options: SnapshotOptions): SnapshotReader {
  const readEvidence =
    options.extent === "runs" ? () => Promise.resolve(emptyEvidence) : createEvidenceReader(list, namespace, options);
  return async () => {
    const runs = await readRuns(list, namespace, options.stacks);
    const [evidence, logs] = await Promise.all([
      readEvidence(runs.pods),
      readLogs(selectLoggingPods(runs.pods, options)),
    ]);
    return { now: Date.now(), ...runs, ...evidence, logs };
  };
}

/**
 * Creates a reader of one namespace's objects, of what says why they wait, and of the last log lines of every running
 * or failed pod.
 */
export function createSnapshotReader(access: NamespaceAccess, options: SnapshotOptions = {}): SnapshotReader {
  const { kubeconfig, namespace } = access;
  const connection = connectToServer(kubeconfig, options);
  const list: ObjectLister = async (query) => (await listObjects<never>(connection, query)).items;
  const readLogs = createLogReader(createApiClients(kubeconfig, options).core, namespace);
  return combineSources({ list, readLogs, namespace }, options);
}

/** Logs that a reading of a followed namespace requests at most. */
const logsPerReading = 25;
/** A snapshot without a change is returned again for this long; then a new one tells the time. */
const sameSnapshotMilliseconds = 30_000;

/** True if two snapshots differ in nothing but the time. */
function isSameState(a: ClusterSnapshot, b: ClusterSnapshot): boolean {
  const keys = Object.keys(a) as (keyof ClusterSnapshot)[];
  const isSame = (key: keyof ClusterSnapshot): boolean =>
    key === "now" || a[key] === b[key] || (key === "unread" && JSON.stringify(a.unread) === JSON.stringify(b.unread));
  return keys.every(isSame);
}

/**
 * Creates a reader that follows a namespace by watches, for readings every few seconds. While nothing changes, a
 * reading returns the same snapshot and requests only the logs of running pods, in turns.
 */
export function createFollowingReader(access: NamespaceAccess, options: SnapshotOptions = {}): SnapshotReader {
  const { kubeconfig, namespace } = access;
  const connection = connectToServer(kubeconfig, options);
  const checkConnection = createHeartbeat(connection);
  const readLogs = createLogReader(createApiClients(kubeconfig, options).core, namespace, { logsPerReading });
  const readSnapshot = combineSources({ list: createFollowingLister(connection), readLogs, namespace }, options);
  let last: ClusterSnapshot | undefined;
  return async () => {
    await checkConnection();
    const next = await readSnapshot();
    const isFresh = last !== undefined && next.now - last.now < sameSnapshotMilliseconds && isSameState(last, next);
    if (!isFresh) last = next;
    return last ?? next;
  };
}
