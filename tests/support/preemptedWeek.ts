import { jobSetLabel, replicatedJobLabel } from "../../cli/kubernetes/objectKinds.ts";
import { buildProvisionalExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { awaitCorpusJobName, nodeJobName } from "../../jobs/kube/trainingRuntime.ts";
import { createRandom } from "./random.ts";
import { drawDisturbance, drainQueue, restartController } from "./disturbances.ts";
import type { Disturbance } from "./disturbances.ts";
import { completeDeletion, endPod, evictPod, isRunning, listPods, startPod } from "./podRunner.ts";
import type { RunnablePod } from "./podRunner.ts";
import { callSuccessfully } from "./callSuccessfully.ts";
import { startQueueCluster } from "./queueCluster.ts";
import type { QueueCluster } from "./queueCluster.ts";
import { submittedPaths } from "./submittedPaths.ts";

/** Seconds of a training between two checkpoints; what it computed since the last one is lost with its pod. */
const checkpointSeconds = 3;

/** What the store and the test know of a training. */
class TrainedCell {
  readonly neededSeconds: number;
  savedSeconds = 0;
  /** Seconds that its pods ran. */
  ranSeconds = 0;
  finished = false;
  lastEndMs: number | undefined;

  constructor(neededSeconds: number) {
    this.neededSeconds = neededSeconds;
  }
}

interface PodRun {
  readonly startMs: number;
  readonly savedBefore: number;
}

/** Twelve trainings on three nodes, of which each has room for one at a time. */
const weekStack = {
  "mixcpt:family": "tiny",
  "mixcpt:protocol": "miniature",
  "mixcpt:axes": { data: ["Mono", "Bi", "Mono+Code", "Bi+Code"], categories: ["Alt", "Sel", "Stag"] },
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
};

interface ConditionedItem {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly restarts?: number;
    readonly restartsCountTowardsMax?: number;
    readonly conditions?: readonly { type: string; status: string }[];
  };
}

/** Trainings under preemption. Every call works on the cluster; none waits for it. */
export class Week {
  readonly random: () => number;
  /** What must never happen, as sentences. */
  readonly violations: string[] = [];
  private readonly cluster: QueueCluster;
  private readonly cells: ReadonlyMap<string, TrainedCell>;
  private readonly runs = new Map<string, PodRun>();
  private readonly counts = new Map<Disturbance, number>();
  private readonly waits: number[] = [];
  /** Nodes that disappeared, with the time at which each returns. */
  private readonly away = new Map<string, number>();
  private lastHeartbeatMs = 0;

  constructor(cluster: QueueCluster, random: () => number, names: readonly string[]) {
    this.cluster = cluster;
    this.random = random;
    this.cells = new Map(names.map((name) => [name, new TrainedCell(10 + Math.round(20 * random()))]));
  }

  /** Does what kubelets and trainings have done since the last call. */
  async advance(): Promise<void> {
    await this.returnNodes();
    const pods = await listPods(this.cluster.api);
    const present = pods.filter(({ spec }) => !this.away.has(spec.nodeName ?? ""));
    this.checkPods(pods);
    this.forgetRuns(pods);
    for (const pod of present) await this.advancePod(pod);
  }

  private async returnNodes(): Promise<void> {
    for (const [name, returnMs] of this.away) {
      if (Date.now() < returnMs) continue;
      await this.cluster.addNode(name);
      this.away.delete(name);
    }
    if (Date.now() - this.lastHeartbeatMs < 8000) return;
    this.lastHeartbeatMs = Date.now();
    await this.cluster.reportReady(this.cluster.nodeNames.filter((name) => !this.away.has(name)));
  }

  /** A pod on a node that disappeared may still run there until the cluster has given it up. */
  private checkPods(pods: readonly RunnablePod[]): void {
    const running = Map.groupBy(
      pods.filter((pod) => isRunning(pod) && isTraining(pod)),
      getRunName,
    );
    for (const [name, { length }] of running)
      if (length > 1) this.violations.push(`${name} runs ${String(length)} times at once`);
  }

  private forgetRuns(pods: readonly RunnablePod[]): void {
    const uids = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const [key, run] of this.runs) {
      const [uid = "", name = ""] = key.split(" ");
      if (!uids.has(uid)) this.endRun(key, name, run);
    }
  }

  private endRun(key: string, name: string, { startMs }: PodRun): void {
    const cell = this.cells.get(name);
    this.runs.delete(key);
    if (cell === undefined) return;
    cell.ranSeconds += (Date.now() - startMs) / 1000;
    cell.lastEndMs = Date.now();
  }

  private async advancePod(pod: RunnablePod): Promise<void> {
    const { api } = this.cluster;
    if (pod.metadata.deletionTimestamp !== undefined) return completeDeletion(api, pod);
    const { phase } = pod.status ?? {};
    if (phase === "Pending" && pod.spec.nodeName !== undefined) return this.startPod(pod);
    if (phase !== "Running") return;
    if (pod.metadata.labels?.[replicatedJobLabel] === awaitCorpusJobName) return endPod(api, pod, 0);
    if (isTraining(pod)) await this.advanceTraining(pod);
  }

  private async startPod(pod: RunnablePod): Promise<void> {
    await startPod(this.cluster.api, pod);
    const name = getRunName(pod);
    const cell = this.cells.get(name);
    if (!isTraining(pod) || cell === undefined) return;
    if (cell.finished) this.violations.push(`${name} is trained again after it had finished`);
    if (cell.lastEndMs !== undefined) this.waits.push((Date.now() - cell.lastEndMs) / 1000);
    this.runs.set(`${pod.metadata.uid} ${name}`, { startMs: Date.now(), savedBefore: cell.savedSeconds });
  }

  private async advanceTraining(pod: RunnablePod): Promise<void> {
    const name = getRunName(pod);
    const key = `${pod.metadata.uid} ${name}`;
    const [cell, run] = [this.cells.get(name), this.runs.get(key)];
    if (cell === undefined || run === undefined) return;
    const progress = run.savedBefore + (Date.now() - run.startMs) / 1000;
    cell.savedSeconds = Math.max(cell.savedSeconds, checkpointSeconds * Math.floor(progress / checkpointSeconds));
    if (progress < cell.neededSeconds) return;
    cell.finished = true;
    this.endRun(key, name, run);
    await endPod(this.cluster.api, pod, 0);
  }

  /** Disturbs a training that runs. Returns false if none does. */
  async disturb(): Promise<boolean> {
    const pods = (await listPods(this.cluster.api)).filter((pod) => isRunning(pod) && isTraining(pod));
    const pod = pods[Math.floor(this.random() * pods.length)];
    const kind = drawDisturbance(this.random);
    if (pod === undefined || !(await this.apply(kind, pod))) return false;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    return true;
  }

  private async apply(kind: Disturbance, pod: RunnablePod): Promise<boolean> {
    if (kind === "evict") return evictPod(this.cluster.api, pod);
    if (kind === "node") return this.removeNode(pod.spec.nodeName ?? "");
    await (kind === "drain" ? drainQueue(this.cluster) : restartController(this.cluster, kind));
    return true;
  }

  private async removeNode(name: string): Promise<boolean> {
    if (this.away.size > 0) return false;
    await callSuccessfully(this.cluster.api, "DELETE", `/api/v1/nodes/${name}`);
    this.away.set(name, Date.now() + 20_000);
    return true;
  }

  async hasEnded(): Promise<boolean> {
    return [...this.cells.values()].every(({ finished }) => finished) && (await this.listUnfinished()).length === 0;
  }

  /** Names of the TrainJobs that are not complete. */
  async listUnfinished(): Promise<string[]> {
    const isComplete = ({ status }: ConditionedItem): boolean =>
      status?.conditions?.some(({ type, status: value }) => type === "Complete" && value === "True") ?? false;
    const items = await this.listItems(submittedPaths.TrainJob);
    return items.filter((item) => !isComplete(item)).map(({ metadata }) => metadata.name);
  }

  /** Restarts that count towards the limit after which a training fails for good. */
  async countUsedRetries(): Promise<number> {
    const items = await this.listItems(submittedPaths.JobSet);
    return items.reduce((sum, { status }) => sum + (status?.restartsCountTowardsMax ?? 0), 0);
  }

  private async listItems(path: string): Promise<ConditionedItem[]> {
    return ((await callSuccessfully(this.cluster.api, "GET", path))["items"] ?? []) as ConditionedItem[];
  }

  describe(): string {
    const cells = [...this.cells.values()];
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const useful = sum(cells.map(({ neededSeconds }) => neededSeconds));
    const ran = sum(cells.map(({ ranSeconds }) => ranSeconds));
    const events = [...this.counts].map(([kind, count]) => `${kind} ${String(count)}`).join(", ");
    const wait = [...this.waits].sort((a, b) => a - b)[Math.floor(this.waits.length / 2)] ?? 0;
    return (
      `${String(cells.length)} trainings, ${events}; useful ${useful.toFixed(0)} s of ${ran.toFixed(0)} s that pods ran ` +
      `(${((100 * useful) / ran).toFixed(0)} %); from one pod to the next ${wait.toFixed(1)} s (median)`
    );
  }

  stop(): Promise<void> {
    return this.cluster.stop();
  }
}

function isTraining({ metadata }: RunnablePod): boolean {
  return metadata.labels?.[replicatedJobLabel] === nodeJobName;
}

function getRunName({ metadata }: RunnablePod): string {
  return metadata.labels?.[jobSetLabel] ?? "";
}

/** Submits the trainings to a new cluster. */
export async function createWeek(seed: number): Promise<Week> {
  const cluster = await startQueueCluster(3, 2);
  try {
    const config = parseFamilyConfig({ stack: "week", file: "Pulumi.week.yaml", values: weekStack });
    const trainings = buildProvisionalExperiment(config, cluster.outputs).cells.map(({ train }) => train);
    for (const training of trainings) await callSuccessfully(cluster.api, "POST", submittedPaths.TrainJob, training);
    return new Week(
      cluster,
      createRandom(seed),
      trainings.map(({ metadata }) => metadata.name),
    );
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}
