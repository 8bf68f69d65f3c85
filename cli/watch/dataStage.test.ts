import {
  buildChildJob,
  buildJobObject,
  buildJobPod,
  kubectlPrefix,
  buildConditionedObject,
  buildPodObject,
  formatProgressLine,
  buildSnapshot,
} from "./watchedStack.fixture.ts";
import { computeDataJobState, computeDataStage } from "./dataStage.ts";
import { formatFailure } from "./workloadFailure.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";

const name = "data-mono-alt-11112222";
const submitted = { jobSets: [buildConditionedObject(name)] };

function computeJobState(more: Partial<ClusterSnapshot>) {
  return computeDataJobState(name, buildSnapshot(more), kubectlPrefix);
}

function buildLog(at: string, ...lines: string[]) {
  return new Map([[at, lines.join("\n")]]);
}

describe("what makes a mixture as a JobSet", () => {
  it("is not submitted before the cluster has it", () => {
    expect(computeJobState({})).toMatchObject({ job: name, name: "not submitted", fraction: 0 });
  });

  it("waits for what it is made from, and says for which", () => {
    const logs = buildLog(
      `${name}-await-0-0-running`,
      "waiting for /store/models/glotlid-1a2b3c4d (0 s so far)",
      "waiting for /store/inputs/benchmarks  (60 s so far)",
    );
    expect(computeJobState({ ...submitted, pods: [buildPodObject(name, "await", "running")], logs })).toMatchObject({
      name: "waiting for data",
      detail: "/store/inputs/benchmarks",
    });
  });

  it("waits before it has any pod, and says why one that would wait does not start", () => {
    expect(computeJobState(submitted)).toMatchObject({ name: "waiting for data", detail: "" });
    expect(computeJobState({ ...submitted, pods: [buildPodObject(name, "await", "pulling")] })).toMatchObject({
      name: "waiting for data",
      detail: "ImagePullBackOff",
    });
  });

  it.each([
    ["queued", "queued", ""],
    ["pending", "starting", ""],
    ["unschedulable", "starting", "no node fits"],
  ] as const)("whose work's pod is %s is %s", (phase, stage, detail) => {
    expect(
      computeJobState({
        ...submitted,
        pods: [buildPodObject(name, "await", "succeeded"), buildPodObject(name, "mixture", phase)],
      }),
    ).toMatchObject({ name: stage, detail });
  });

  it("runs as far as its work's last line says", () => {
    const pods = [buildPodObject(name, "await", "succeeded"), buildPodObject(name, "mixture", "running")];
    const logs = buildLog(
      `${name}-mixture-0-0-running`,
      formatProgressLine(3, 12, { unit: "shards", eta_seconds: 90 }),
    );
    expect(computeJobState({ ...submitted, pods, logs })).toMatchObject({
      name: "data",
      fraction: 0.25,
      detail: "3/12 shards",
      stepEta: 90,
    });
  });

  it("is done when the JobSet is, even if nothing else is left of it", () => {
    expect(computeJobState({ jobSets: [buildConditionedObject(name, "Completed")] })).toMatchObject({
      name: "done",
      fraction: 1,
    });
  });

  it("that has failed says the last line and the command that shows more", () => {
    const failed = `${name}-mixture-0-0-failed`;
    const pods = [buildPodObject(name, "await", "succeeded"), buildPodObject(name, "mixture", "failed")];
    const { failure, ...state } = computeJobState({
      jobSets: [buildConditionedObject(name, "Failed")],
      pods,
      logs: buildLog(failed, "sources[2]: adds nothing: it has no rows"),
    });
    expect(state.name).toBe("failed");
    expect(failure && formatFailure(failure)).toBe(
      "data failed (exit code 1): sources[2]: adds nothing: it has no rows",
    );
    expect(failure?.command).toBe(`./mixcpt kubectl --namespace mixcpt logs ${failed}`);
  });

  it("that has failed without a pod is described", () => {
    expect(computeJobState({ jobSets: [buildConditionedObject(name, "Failed")] }).failure?.command).toBe(
      `./mixcpt kubectl --namespace mixcpt describe jobset ${name}`,
    );
  });

  it("is not mistaken for the Job of another JobSet", () => {
    expect(computeJobState({ jobs: [buildChildJob(`${name}x`, "mixture", { succeeded: 1 })] }).name).toBe(
      "not submitted",
    );
  });
});

describe("what makes a mixture as a Job", () => {
  it("is at the same stages", () => {
    expect(computeJobState({ jobs: [buildJobObject(name)], pods: [buildJobPod(name, "queued")] }).name).toBe("queued");
    expect(computeJobState({ jobs: [buildJobObject(name)], pods: [buildJobPod(name, "running")] }).name).toBe("data");
    expect(computeJobState({ jobs: [buildJobObject(name, "Complete")] }).name).toBe("done");
    expect(
      computeJobState({ jobs: [buildJobObject(name, "Failed")], pods: [buildJobPod(name, "failed")] }).failure?.command,
    ).toContain(`logs ${name}-failed`);
  });
});

it("a cell whose JobSet waits for a corpus that another stack makes waits for data", () => {
  const logs = buildLog(`${name}-await-0-0-running`, "waiting for /store/corpora/mono-alt-1a2b3c4d (0 s so far)");
  const waiting = computeJobState({ ...submitted, pods: [buildPodObject(name, "await", "running")], logs });
  expect(computeDataStage([waiting])).toMatchObject({
    name: "waiting for data",
    detail: "/store/corpora/mono-alt-1a2b3c4d",
  });
});
