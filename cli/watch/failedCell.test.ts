import {
  buildConditionedObject,
  buildJobObject,
  buildJobPod,
  buildPodObject,
} from "../kubernetes/apiObjects.fixture.ts";
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
import { formatProgressLine } from "./watchedStack.fixture.ts";
import { formatFailure } from "./workloadFailure.ts";

describe("a failed cell", () => {
  it("shows the exit code, the last line and the command that shows more", () => {
    const name = `${trainJob}-node-0-0-killed`;
    const { failure, ...state } = computeFirstCellState({
      ...submitted,
      trainJobs: [buildConditionedObject(trainJob, "Failed")],
      jobs: dataDone,
      pods: [buildPodObject(trainJob, "node", "failed"), buildPodObject(trainJob, "node", "killed")],
      logs: buildPodLogs(name, "loading", "\u001b[31mout of memory\u001b[0m", formatProgressLine(1, 2), ""),
    });
    expect(state.name).toBe("failed");
    expect(failure).toMatchObject({
      exitCode: 137,
      reason: "OOMKilled",
      lastLine: "out of memory",
      command: `./mixcpt kubectl --namespace mixcpt logs ${name}`,
    });
    expect(failure && formatFailure(failure)).toBe(
      "train OOMKilled (exit code 137): out of memory; raise training.memoryGiB in the cluster's file",
    );
  });

  it("shows the command that describes the object if no pod is left", () => {
    const { failure } = computeFirstCellState({ ...trained, jobSets: [buildConditionedObject(evaluation, "Failed")] });
    expect(failure).toMatchObject({
      step: "evaluate",
      exitCode: null,
      command: `./mixcpt kubectl --namespace mixcpt describe jobset ${evaluation}`,
    });
  });

  it("shows the failure of its data job", () => {
    const state = computeFirstCellState({
      ...submitted,
      jobs: [buildJobObject(mixture, "Failed"), buildJobObject(model, "Complete")],
      pods: [buildJobPod(mixture, "failed")],
      logs: buildPodLogs(`${mixture}-failed`, "languages: xxx_Xxxx has no text"),
    });
    expect(state.failure && formatFailure(state.failure)).toBe(
      "data failed (exit code 1): languages: xxx_Xxxx has no text",
    );
  });

  it("has not failed if JobSet restarts a failed pod", () => {
    expect(
      computeFirstCellState({
        ...submitted,
        jobs: dataDone,
        pods: [buildPodObject(trainJob, "node", "failed"), buildPodObject(trainJob, "node", "pending")],
      }).name,
    ).toBe("starting");
  });
});
