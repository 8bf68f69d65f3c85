import {
  buildChildJob,
  buildConditionedObject,
  buildJobObject,
  buildJobPod,
  buildPodObject,
} from "../kubernetes/apiObjects.fixture.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import {
  buildPodLogs,
  computeFirstCellState,
  dataDone,
  evaluation,
  mixture,
  model,
  submitted,
  trainJob,
  trained,
} from "./firstCell.fixture.ts";
import { formatStage } from "./stageText.ts";
import { formatProgressLine } from "./watchedStack.fixture.ts";

function buildEvaluatingSnapshot(...pods: ReturnType<typeof buildPodObject>[]): Partial<ClusterSnapshot> {
  return {
    ...trained,
    jobs: [
      ...dataDone,
      ...["await-checkpoint", "await-flores200"].map((name) => buildChildJob(evaluation, name, { succeeded: 1 })),
      buildChildJob(evaluation, "sib200", { completions: 2, succeeded: 1 }),
      buildChildJob(evaluation, "flores200", { completions: 2 }),
    ],
    pods,
  };
}

describe("a cell", () => {
  it("is not submitted while the cluster has none of its objects", () => {
    expect(computeFirstCellState({})).toMatchObject({ name: "not submitted", percent: 0, eta: null });
  });

  it("waits for data while the data job's pod has not started", () => {
    const state = computeFirstCellState({
      ...submitted,
      jobs: [buildJobObject(mixture), buildJobObject(model, "Complete")],
      pods: [buildJobPod(mixture, "pending")],
    });
    expect(state).toMatchObject({ name: "waiting for data", fraction: 0.5 });
  });

  it("shows why the data job's pod does not start", () => {
    expect(
      computeFirstCellState({ ...submitted, jobs: [buildJobObject(mixture)], pods: [buildJobPod(mixture, "pulling")] }),
    ).toMatchObject({ name: "waiting for data", detail: "image not pulled: ImagePullBackOff" });
  });

  it("is at the data stage while its mixture is being prepared", () => {
    const pods = [buildJobPod(mixture, "running"), buildPodObject(trainJob, "await-corpus", "running")];
    const logs = buildPodLogs(`${mixture}-running`, formatProgressLine(3, 6, { unit: "sources" }));
    expect(
      computeFirstCellState({
        ...submitted,
        jobs: [buildJobObject(mixture), buildJobObject(model, "Complete")],
        pods,
        logs,
      }),
    ).toMatchObject({ name: "data", fraction: 0.75, detail: "3/6 sources" });
  });

  it("is starting once its data exists, until its nodes do", () => {
    expect(computeFirstCellState({ ...submitted, jobs: dataDone }).name).toBe("starting");
  });

  it("is queued while Kueue holds its pods back", () => {
    expect(
      computeFirstCellState({ ...submitted, jobs: dataDone, pods: [buildPodObject(trainJob, "node", "queued")] }),
    ).toMatchObject({ name: "queued", step: "train", eta: null });
  });

  it.each([
    ["pending", ""],
    ["pulling", "image not pulled: ImagePullBackOff"],
    ["unschedulable", "no node fits"],
  ] as const)("is starting while its pod is %s", (phase, detail) => {
    expect(
      computeFirstCellState({ ...submitted, jobs: dataDone, pods: [buildPodObject(trainJob, "node", phase)] }),
    ).toMatchObject({ name: "starting", step: "train", detail });
  });

  it("has the progress of the last progress line, whatever is printed after it", () => {
    const pod = buildPodObject(trainJob, "node", "running");
    const lines = [
      formatProgressLine(10, 24),
      formatProgressLine(12, 24, { unit: "steps", loss: 3.214, eta_seconds: 10 }),
      "Saving model checkpoint",
    ];
    const state = computeFirstCellState({
      ...submitted,
      jobs: dataDone,
      pods: [pod],
      logs: buildPodLogs(`${trainJob}-node-0-0-running`, ...lines),
    });
    expect(state).toMatchObject({ name: "train", fraction: 0.5, stepEta: 10, detail: "12/24 steps, loss 3.21" });
    expect(state.eta).toBeCloseTo(10 + 20 * (40 / 55), 6);
  });

  it("estimates the time left from the pace if the log has none", () => {
    const pods = [buildPodObject(trainJob, "node", "running")];
    expect(
      computeFirstCellState({
        ...submitted,
        jobs: dataDone,
        pods,
        logs: buildPodLogs(`${trainJob}-node-0-0-running`, formatProgressLine(6, 24)),
      }).stepEta,
    ).toBeCloseTo(180);
  });

  it("trains at 0 % until the first progress line is complete", () => {
    expect(
      computeFirstCellState({
        ...submitted,
        jobs: dataDone,
        pods: [buildPodObject(trainJob, "node", "running")],
        logs: buildPodLogs(`${trainJob}-node-0-0-running`, '{"mixcpt":"progress","do'),
      }),
    ).toMatchObject({ name: "train", fraction: 0, eta: null });
  });

  it("counts its attempts after a pod was killed", () => {
    const pods = [buildPodObject(trainJob, "node", "killed"), buildPodObject(trainJob, "node", "running")];
    expect(computeFirstCellState({ ...submitted, jobs: dataDone, pods }).detail).toBe("attempt 2");
  });

  it("is starting its evaluation once it is trained", () => {
    expect(
      computeFirstCellState({ ...trained, pods: [buildPodObject(evaluation, "await-checkpoint", "running")] }),
    ).toMatchObject({ name: "starting", step: "evaluate", percent: 60 });
  });

  it("is queued again while its evaluation waits for a GPU", () => {
    expect(
      computeFirstCellState(
        buildEvaluatingSnapshot(
          buildPodObject(evaluation, "sib200", "queued"),
          buildPodObject(evaluation, "flores200", "queued"),
        ),
      ),
    ).toMatchObject({ name: "queued", step: "evaluate" });
  });

  it("averages finished shards and the progress of running ones over all benchmarks", () => {
    const state = computeFirstCellState({
      ...buildEvaluatingSnapshot(
        buildPodObject(evaluation, "sib200", "succeeded"),
        buildPodObject(evaluation, "flores200", "running"),
      ),
      logs: buildPodLogs(`${evaluation}-flores200-0-0-running`, formatProgressLine(2, 4)),
    });
    expect(state).toMatchObject({ name: "evaluate", detail: "flores200", fraction: (1 / 2 + 0.5 / 2) / 2 });
    expect(formatStage(state)).toBe("evaluate flores200 37 %");
  });

  it("publishes once all benchmarks are done, before the publisher has a pod", () => {
    const jobs = ["sib200", "flores200"].map((name) => buildChildJob(evaluation, name, { succeeded: 1 }));
    expect(computeFirstCellState({ ...trained, jobs: [...(trained.jobs ?? []), ...jobs] }).name).toBe("publish");
  });

  it("publishes while the publisher runs", () => {
    expect(
      computeFirstCellState({ ...trained, pods: [buildPodObject(evaluation, "publish", "running")] }),
    ).toMatchObject({ name: "publish", percent: 98 });
  });

  it("still publishes after the publisher has ended, until its JobSet has", () => {
    expect(computeFirstCellState({ ...trained, pods: [buildPodObject(evaluation, "publish", "succeeded")] }).name).toBe(
      "publish",
    );
  });

  it("is done when its evaluation is, even if nothing else of it is left", () => {
    expect(computeFirstCellState({ jobSets: [buildConditionedObject(evaluation, "Completed")] })).toMatchObject({
      name: "done",
      percent: 100,
      eta: null,
    });
  });
});
