import { kubectlOn } from "./kubectl.ts";
import { categoryNames, dataKinds } from "../../jobs/matrix/index.ts";
import { cellAt } from "../../jobs/matrix/cell.ts";
import { jobLabel, jobSetLabel, replicatedJobLabel, type Condition, type Conditioned, type Job, type Pod, type Snapshot, type WatchedBase, type WatchedCell, type WatchedStack } from "./snapshot.ts";

/** API objects as the cluster gives them, cut down to what matters, for tests and for looking at the grid. */
export const now = Date.parse("2026-11-24T06:30:00Z");

export const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString();

export const watched = dataKinds.flatMap((data) => categoryNames.map((category): WatchedCell => {
  const { id, slug } = cellAt({ family: "tiny", data, category });
  return { id, trainJob: `${slug}-0a1b2c3d`, evaluation: `eval-${slug}-4e5f6071`, dataJobs: [`data-${slug.slice(5)}-11112222`, "model-tiny-33334444"] };
}));

/** How commands that are shown begin. */
export const kubectl = kubectlOn("dev");

export const watchedBase: WatchedBase = { id: "Tiny-base", evaluation: "eval-tiny-base-8a9b0c1d", dataJobs: ["model-tiny-33334444"] };

/** Cells of a stack, and the model that they start from. */
export const demo: WatchedStack = { cells: watched, bases: [watchedBase] };

/** Cells alone. */
export const only = (...cells: WatchedCell[]): WatchedStack => ({ cells, bases: [] });

const condition = (type: string): Condition => ({ type, status: "True", reason: type });

/** A TrainJob or JobSet with the conditions that are true. */
export const object = (name: string, ...conditions: string[]): Conditioned => ({
  metadata: { name, creationTimestamp: ago(120) },
  status: { conditions: [...conditions.map(condition), { type: "Suspended", status: "False" }] },
});

export const job = (name: string, ...conditions: string[]): Job => ({ metadata: { name }, spec: { completions: 1 }, status: { conditions: conditions.map(condition), succeeded: conditions.includes("Complete") ? 1 : 0 } });

export const childJob = (jobSet: string, replicatedJob: string, { completions = 1, succeeded = 0 }: { completions?: number; succeeded?: number } = {}): Job => ({
  metadata: { name: `${jobSet}-${replicatedJob}-0`, labels: { [jobSetLabel]: jobSet, [replicatedJobLabel]: replicatedJob } },
  spec: { completions },
  status: { succeeded, conditions: succeeded === completions ? [condition("Complete")] : [] },
});

type PodStatus = NonNullable<Pod["status"]>;

const phases = {
  queued: { phase: "Pending" },
  pending: { phase: "Pending", containerStatuses: [{ state: { waiting: { reason: "ContainerCreating" } } }] },
  pulling: { phase: "Pending", containerStatuses: [{ state: { waiting: { reason: "ImagePullBackOff" } } }] },
  unschedulable: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] },
  running: { phase: "Running", startTime: ago(60), containerStatuses: [{ state: {} }] },
  succeeded: { phase: "Succeeded" },
  failed: { phase: "Failed", containerStatuses: [{ state: { terminated: { exitCode: 1, reason: "Error", finishedAt: ago(10) } } }] },
  killed: { phase: "Failed", containerStatuses: [{ state: { terminated: { exitCode: 137, reason: "OOMKilled", finishedAt: ago(5) } } }] },
} satisfies Record<string, PodStatus>;

export type PodPhase = keyof typeof phases;

const podNamed = (name: string, labels: Record<string, string>, phase: PodPhase): Pod => ({
  metadata: { name, labels },
  spec: phase === "queued" ? { schedulingGates: [{ name: "kueue.x-k8s.io/admission" }] } : {},
  status: phases[phase],
});

export const pod = (jobSet: string, replicatedJob: string, phase: PodPhase): Pod =>
  podNamed(`${jobSet}-${replicatedJob}-0-0-${phase}`, { [jobSetLabel]: jobSet, [replicatedJobLabel]: replicatedJob }, phase);

export const jobPod = (name: string, phase: PodPhase): Pod => podNamed(`${name}-${phase}`, { [jobLabel]: name }, phase);

export const progressLine = (done: number, total: number, more: { unit?: string; loss?: number; eta_seconds?: number } = {}): string =>
  JSON.stringify({ mixcpt: "progress", done, total, ...more });

export const snapshot = (more: Partial<Snapshot>): Snapshot => ({ now, jobs: [], trainJobs: [], jobSets: [], pods: [], logs: new Map(), ...more });

/** A cluster in the middle of it: two cells done, one failed, others in every stage. */
export const busy = (): Snapshot => {
  const [done, publishing, failed, evaluating, training, waits, starting, early, ...queued] = watched as [WatchedCell, WatchedCell, WatchedCell, WatchedCell, WatchedCell, WatchedCell, WatchedCell, WatchedCell, ...WatchedCell[]];
  const trained = [done, publishing, evaluating, waits];
  const unfinished = new Set(queued.slice(2).map(({ dataJobs }) => dataJobs[0]));
  const dataJobs = [...new Set(watched.flatMap((cell) => cell.dataJobs))];
  return snapshot({
    trainJobs: watched.map((cell) => object(cell.trainJob, ...(trained.includes(cell) ? ["Complete"] : cell === failed ? ["Failed"] : []))),
    jobSets: [object(watchedBase.evaluation), ...watched.map((cell) => object(cell.evaluation, ...(cell === done ? ["Completed"] : [])))],
    jobs: [
      ...dataJobs.map((name) => (unfinished.has(name) ? job(name) : job(name, "Complete"))),
      childJob(evaluating.evaluation, "sib200", { succeeded: 1 }),
      childJob(evaluating.evaluation, "flores200", { completions: 2, succeeded: 1 }),
      childJob(waits.evaluation, "sib200"),
      childJob(watchedBase.evaluation, "sib200", { succeeded: 1 }),
      childJob(watchedBase.evaluation, "flores200"),
    ],
    pods: [
      pod(publishing.evaluation, "publish", "running"),
      pod(failed.trainJob, "node", "killed"),
      pod(evaluating.evaluation, "flores200", "running"),
      pod(training.trainJob, "node", "running"),
      pod(waits.evaluation, "sib200", "queued"),
      pod(watchedBase.evaluation, "flores200", "running"),
      pod(starting.trainJob, "node", "pulling"),
      pod(early.trainJob, "node", "running"),
      ...queued.slice(0, 2).map((cell) => pod(cell.trainJob, "node", "queued")),
      ...[...unfinished].flatMap((name) => (name === undefined ? [] : [jobPod(name, "running")])).slice(0, 1),
    ],
    logs: new Map([
      [`${failed.trainJob}-node-0-0-killed`, "RuntimeError: the data loader was killed by signal 9 while it prepared the second epoch of the corpus"],
      [`${evaluating.evaluation}-flores200-0-0-running`, progressLine(10, 24)],
      [`${watchedBase.evaluation}-flores200-0-0-running`, progressLine(6, 40)],
      [`${training.trainJob}-node-0-0-running`, progressLine(31, 48, { unit: "steps", loss: 4.4821, eta_seconds: 22 })],
      ...[...unfinished].slice(0, 1).map((name): [string, string] => [`${name ?? ""}-running`, progressLine(3, 7, { unit: "sources" })]),
    ]),
  });
};
