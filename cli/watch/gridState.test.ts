import { childJob, demo, job, jobPod, kubectl, now, object, only, pod, progressLine, snapshot, watched, watchedBase } from "./cluster.fixture.ts";
import { failureText } from "./failure.ts";
import { gridState, outcome } from "./gridState.ts";
import type { Snapshot, WatchedCell } from "./snapshot.ts";
import { stageText } from "./text.ts";

const [cell, second] = watched as [WatchedCell, WatchedCell];
const { trainJob, evaluation } = cell;
const [mixture, model] = cell.dataJobs as [string, string];

const submitted = { trainJobs: [object(trainJob)], jobSets: [object(evaluation)] };
const dataDone = [job(mixture, "Complete"), job(model, "Complete")];
const trained = { ...submitted, trainJobs: [object(trainJob, "Complete")], jobs: dataDone };

const stateOf = (more: Partial<Snapshot>) => {
  const [state] = gridState(only(cell), snapshot(more), kubectl).cells;
  if (state === undefined) throw new Error("no cell");
  return state;
};

const log = (name: string, ...lines: string[]) => new Map([[name, lines.join("\n")]]);

const evaluating = (...pods: ReturnType<typeof pod>[]): Partial<Snapshot> => ({
  ...trained,
  jobs: [...dataDone, ...["await-checkpoint", "await-flores200"].map((name) => childJob(evaluation, name, { succeeded: 1 })), childJob(evaluation, "sib200", { completions: 2, succeeded: 1 }), childJob(evaluation, "flores200", { completions: 2 })],
  pods,
});

describe("a cell", () => {
  it("is not submitted before its objects are there", () => {
    expect(stateOf({})).toMatchObject({ name: "not submitted", percent: 0, eta: null });
  });

  it("waits for data while the data Job's pod has not begun", () => {
    const state = stateOf({ ...submitted, jobs: [job(mixture), job(model, "Complete")], pods: [jobPod(mixture, "pending")] });
    expect(state).toMatchObject({ name: "waiting for data", fraction: 0.5 });
  });

  it("says why the data Job's pod does not begin", () => {
    expect(stateOf({ ...submitted, jobs: [job(mixture)], pods: [jobPod(mixture, "pulling")] })).toMatchObject({ name: "waiting for data", detail: "ImagePullBackOff" });
  });

  it("is at its data while the mixture is being prepared", () => {
    const pods = [jobPod(mixture, "running"), pod(trainJob, "await-corpus", "running")];
    const logs = log(`${mixture}-running`, progressLine(3, 6, { unit: "sources" }));
    expect(stateOf({ ...submitted, jobs: [job(mixture), job(model, "Complete")], pods, logs })).toMatchObject({ name: "data", fraction: 0.75, detail: "3/6 sources" });
  });

  it("is starting once its data is there and its nodes are not", () => {
    expect(stateOf({ ...submitted, jobs: dataDone }).name).toBe("starting");
  });

  it("is queued while Kueue holds its nodes back", () => {
    expect(stateOf({ ...submitted, jobs: dataDone, pods: [pod(trainJob, "node", "queued")] })).toMatchObject({ name: "queued", step: "train", eta: null });
  });

  it.each([["pending", ""], ["pulling", "ImagePullBackOff"], ["unschedulable", "no node fits"]] as const)("is starting while its node is %s", (phase, detail) => {
    expect(stateOf({ ...submitted, jobs: dataDone, pods: [pod(trainJob, "node", phase)] })).toMatchObject({ name: "starting", step: "train", detail });
  });

  it("trains as far as the last progress line says, whatever is printed after it", () => {
    const training = pod(trainJob, "node", "running");
    const lines = [progressLine(10, 24), progressLine(12, 24, { unit: "steps", loss: 3.214, eta_seconds: 10 }), "Saving model checkpoint"];
    const state = stateOf({ ...submitted, jobs: dataDone, pods: [training], logs: log(`${trainJob}-node-0-0-running`, ...lines) });
    expect(state).toMatchObject({ name: "train", fraction: 0.5, stepEta: 10, detail: "12/24 steps, loss 3.21" });
    expect(state.eta).toBeCloseTo(10 + 20 * (40 / 55), 6);
  });

  it("takes the pace so far where the log gives no time", () => {
    const pods = [pod(trainJob, "node", "running")];
    expect(stateOf({ ...submitted, jobs: dataDone, pods, logs: log(`${trainJob}-node-0-0-running`, progressLine(6, 24)) }).stepEta).toBeCloseTo(180);
  });

  it("trains without a percentage until the first progress line", () => {
    expect(stateOf({ ...submitted, jobs: dataDone, pods: [pod(trainJob, "node", "running")], logs: log(`${trainJob}-node-0-0-running`, '{"mixcpt":"progress","do') })).toMatchObject({ name: "train", fraction: 0, eta: null });
  });

  it("counts its attempts after a node was killed", () => {
    const pods = [pod(trainJob, "node", "killed"), pod(trainJob, "node", "running")];
    expect(stateOf({ ...submitted, jobs: dataDone, pods }).detail).toBe("attempt 2");
  });

  it("is starting its evaluation once trained", () => {
    expect(stateOf({ ...trained, pods: [pod(evaluation, "await-checkpoint", "running")] })).toMatchObject({ name: "starting", step: "evaluate", percent: 60 });
  });

  it("is queued again while its evaluation has no GPU", () => {
    expect(stateOf(evaluating(pod(evaluation, "sib200", "queued"), pod(evaluation, "flores200", "queued")))).toMatchObject({ name: "queued", step: "evaluate" });
  });

  it("evaluates: finished shards and the progress of running ones, over all benchmarks", () => {
    const state = stateOf({ ...evaluating(pod(evaluation, "sib200", "succeeded"), pod(evaluation, "flores200", "running")), logs: log(`${evaluation}-flores200-0-0-running`, progressLine(2, 4)) });
    expect(state).toMatchObject({ name: "evaluate", detail: "flores200", fraction: (1 / 2 + 0.5 / 2) / 2 });
    expect(stageText(state)).toBe("evaluate flores200 37 %");
  });

  it("publishes from the moment when all is answered, before there is a pod for it", () => {
    const jobs = ["sib200", "flores200"].map((name) => childJob(evaluation, name, { succeeded: 1 }));
    expect(stateOf({ ...trained, jobs: [...(trained.jobs ?? []), ...jobs] }).name).toBe("publish");
  });

  it("publishes", () => {
    expect(stateOf({ ...trained, pods: [pod(evaluation, "publish", "running")] })).toMatchObject({ name: "publish", percent: 98 });
  });

  it("still publishes between the end of the publisher and that of its JobSet", () => {
    expect(stateOf({ ...trained, pods: [pod(evaluation, "publish", "succeeded")] }).name).toBe("publish");
  });

  it("is done when its evaluation is, even if nothing else is left of it", () => {
    expect(stateOf({ jobSets: [object(evaluation, "Completed")] })).toMatchObject({ name: "done", percent: 100, eta: null });
  });
});

describe("a failed cell", () => {
  it("says the exit code, the last line and the command that shows more", () => {
    const name = `${trainJob}-node-0-0-killed`;
    const { failure, ...state } = stateOf({ ...submitted, trainJobs: [object(trainJob, "Failed")], jobs: dataDone, pods: [pod(trainJob, "node", "failed"), pod(trainJob, "node", "killed")], logs: log(name, "loading", "\u001b[31mout of memory\u001b[0m", progressLine(1, 2), "") });
    expect(state.name).toBe("failed");
    expect(failure).toMatchObject({ exitCode: 137, reason: "OOMKilled", lastLine: "out of memory", command: `./mixcpt kubectl --namespace mixcpt logs ${name}` });
    expect(failure && failureText(failure)).toBe("train OOMKilled (exit code 137): out of memory");
  });

  it("describes the object where no pod is left", () => {
    const { failure } = stateOf({ ...trained, jobSets: [object(evaluation, "Failed")] });
    expect(failure).toMatchObject({ step: "evaluate", exitCode: null, command: `./mixcpt kubectl --namespace mixcpt describe jobset ${evaluation}` });
  });

  it("may have failed by its data", () => {
    const state = stateOf({ ...submitted, jobs: [job(mixture, "Failed"), job(model, "Complete")], pods: [jobPod(mixture, "failed")], logs: log(`${mixture}-failed`, "languages: xxx_Xxxx has no text") });
    expect(state.failure && failureText(state.failure)).toBe("data failed (exit code 1): languages: xxx_Xxxx has no text");
  });

  it("is not failed by one pod that JobSet starts again", () => {
    expect(stateOf({ ...submitted, jobs: dataDone, pods: [pod(trainJob, "node", "failed"), pod(trainJob, "node", "pending")] }).name).toBe("starting");
  });
});

describe("the grid", () => {
  const half: Partial<Snapshot> = { trainJobs: [object(trainJob, "Complete"), object(second.trainJob)], jobSets: [object(evaluation, "Completed"), object(second.evaluation)] };

  it("has each shared Job once", () => {
    const jobs = watched.flatMap(({ dataJobs }) => dataJobs.map((name) => job(name)));
    expect(gridState(demo, snapshot({ jobs }), kubectl).data).toHaveLength(13);
  });

  it("leaves out shared Jobs that the cluster does not have (any more)", () => {
    expect(gridState(demo, snapshot({}), kubectl).data).toEqual([]);
  });

  it("foresees its end from the pace since the submission", () => {
    const { percent, eta } = gridState(only(cell, second), snapshot(half), kubectl);
    expect(percent).toBeCloseTo(50);
    expect(eta).toBeCloseTo(120);
  });

  it("leaves cells that were done before this submission out of the pace", () => {
    const old = { ...object(trainJob, "Complete"), metadata: { name: trainJob, creationTimestamp: new Date(now - 86_400_000) } };
    const trainJobs = [old, object(second.trainJob, "Complete")];
    expect(gridState(only(cell, second), snapshot({ ...half, trainJobs }), kubectl).eta).toBeCloseTo((120 * 40) / 60);
  });

  describe("a base model", () => {
    const [ready] = watchedBase.dataJobs as [string];
    const baseOf = (more: Partial<Snapshot>) => {
      const jobSets = more.jobSets ?? [object(watchedBase.evaluation)];
      return gridState({ cells: [cell], bases: [watchedBase] }, snapshot({ ...more, jobSets }), kubectl).bases[0];
    };
    const benchmarks = [childJob(watchedBase.evaluation, "sib200", { succeeded: 1 }), childJob(watchedBase.evaluation, "flores200")];

    it.each([
      ["is not submitted", { jobSets: [] }, { name: "not submitted", percent: 0 }],
      ["waits until it is there", { jobs: [job(ready)] }, { name: "waiting for data", percent: 0 }],
      ["is evaluated", { jobs: [job(ready, "Complete"), ...benchmarks], pods: [pod(watchedBase.evaluation, "flores200", "running")] }, { name: "evaluate", percent: 50 }],
      ["is done", { jobSets: [object(watchedBase.evaluation, "Completed")] }, { name: "done", percent: 100 }],
    ] as const)("%s", (_, more, at) => {
      expect(baseOf(more)).toMatchObject({ id: "Tiny-base", ...at });
    });

    it("is waited for like a cell", () => {
      const jobSets = [object(evaluation, "Completed"), object(watchedBase.evaluation)];
      expect(outcome(gridState({ cells: [cell], bases: [watchedBase] }, snapshot({ jobSets }), kubectl))).toBe("running");
    });
  });

  it("is running until every cell is done or failed, and failed if any is", () => {
    const outcomeOf = (more: Partial<Snapshot>) => outcome(gridState(only(cell, second), snapshot(more), kubectl));
    expect(outcomeOf(half)).toBe("running");
    expect(outcomeOf({ ...half, jobSets: [object(evaluation, "Completed"), object(second.evaluation, "Completed")] })).toBe("done");
    expect(outcomeOf({ ...half, jobSets: [object(evaluation, "Completed"), object(second.evaluation, "Failed")] })).toBe("failed");
  });
});
