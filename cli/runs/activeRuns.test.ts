import { cellIdAnnotation, stackLabel, stepLabel } from "../../jobs/kube/objectLabels.ts";
import type { ApiObject } from "../kubernetes/apiObjects.ts";
import {
  buildChildJob,
  buildConditionedObject,
  buildJobObject,
  buildJobPod,
  buildPodObject,
  buildSnapshot,
  snapshotTime,
} from "../kubernetes/apiObjects.fixture.ts";
import { listActiveRuns, listLabeledRuns } from "./activeRuns.ts";

function addLabels<T extends ApiObject>(object: T, labels: Record<string, string>, cell?: string): T {
  const annotations = cell === undefined ? {} : { [cellIdAnnotation]: cell };
  return {
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata?.labels, ...labels }, annotations },
  };
}

function listActiveNames(...args: Parameters<typeof buildSnapshot>): string[] {
  return listActiveRuns(buildSnapshot(...args)).map(({ name }) => name);
}

describe("the active trainings of a cluster", () => {
  it("are those that run on a node, but not those that are queued, wait for their corpus, or are done", () => {
    expect(
      listActiveNames({
        trainJobs: ["runs", "waits"].map((name) => buildConditionedObject(name)),
        pods: [
          buildPodObject("runs", "node", "running"),
          buildPodObject("waits", "node", "queued"),
          buildPodObject("waits", "await-corpus", "running"),
        ],
      }),
    ).toEqual(["runs"]);
    expect(
      listActiveNames({
        trainJobs: [buildConditionedObject("done", "Complete")],
        pods: [buildPodObject("done", "node", "running")],
      }),
    ).toEqual([]);
  });

  it("include one that waits for nodes that were taken from it", () => {
    const restarted = { ...buildConditionedObject("preempted"), status: { restarts: 1 } };
    const trainJobs = [buildConditionedObject("preempted")];
    const pods = [buildPodObject("preempted", "node", "queued")];
    expect(listActiveNames({ trainJobs, jobSets: [restarted], pods })).toEqual(["preempted"]);
  });

  it("do not include one that somebody has deleted already", () => {
    const training = buildConditionedObject("ending");
    const metadata = { ...training.metadata, deletionTimestamp: "2026-11-24T06:29:50Z" };
    const pods = [buildPodObject("ending", "node", "running")];
    expect(listActiveNames({ trainJobs: [{ ...training, metadata }], pods })).toEqual([]);
  });

  it("come with cell, start and progress", () => {
    const snapshot = buildSnapshot({
      trainJobs: [addLabels(buildConditionedObject("t1"), { [stepLabel]: "train" }, "Tiny-Mono-Alt")],
      pods: [buildPodObject("t1", "node", "running")],
      logs: new Map([["t1-node-0-0-running", '{"mixcpt":"progress","done":12,"total":24,"unit":"steps"}']]),
    });
    expect(listActiveRuns(snapshot)).toEqual([
      {
        kind: "trainjob",
        name: "t1",
        step: "train",
        cell: "Tiny-Mono-Alt",
        since: snapshotTime - 60_000,
        progress: "12/24 steps",
      },
    ]);
  });
});

describe("the other active runs of a cluster", () => {
  it("are evaluations that ask a benchmark, but not those that wait for their checkpoint", () => {
    const jobSets = ["asks", "waits"].map((name) =>
      addLabels(buildConditionedObject(name), { [stepLabel]: "evaluate" }),
    );
    const pods = [
      buildPodObject("asks", "sib200", "running"),
      buildPodObject("waits", "await-checkpoint", "running"),
      buildPodObject("waits", "await-sib200", "running"),
    ];
    expect(listActiveNames({ jobSets, pods })).toEqual(["asks"]);
  });

  it("are Jobs and JobSets that prepare data, but not the Jobs that a controller made", () => {
    expect(
      listActiveNames({
        jobs: [buildJobObject("data-1"), buildJobObject("data-2", "Complete"), buildChildJob("e1", "sib200")],
        jobSets: [buildConditionedObject("data-3"), buildConditionedObject("data-4")],
        pods: [
          buildJobPod("data-1", "running"),
          buildPodObject("data-3", "mixture", "running"),
          buildPodObject("data-4", "await", "running"),
        ],
      }),
    ).toEqual(["data-3", "data-1"]);
  });
});

it("the runs with a label do not include the JobSet of a TrainJob", () => {
  const labels = { [stackLabel]: "mini" };
  const snapshot = buildSnapshot({
    trainJobs: [addLabels(buildConditionedObject("t1"), labels, "Tiny-Mono-Alt")],
    jobSets: [addLabels(buildConditionedObject("t1"), labels), addLabels(buildConditionedObject("e1"), labels)],
    jobs: [addLabels(buildJobObject("data-1"), { [stackLabel]: "viking" })],
  });
  expect(listLabeledRuns(snapshot, stackLabel, "mini").map(({ kind, name }) => [kind, name])).toEqual([
    ["trainjob", "t1"],
    ["jobset", "e1"],
  ]);
});
