import {
  buildChildJob,
  buildConditionedObject,
  buildJobObject,
  buildJobPod,
  buildPodObject,
} from "../kubernetes/apiObjects.fixture.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { computeDataJobState, computeDataStage } from "./dataStage.ts";
import { buildContext, formatProgressLine } from "./watchedStack.fixture.ts";
import { formatFailure } from "./workloadFailure.ts";

const name = "data-mono-alt-11112222";
const submitted = { jobSets: [buildConditionedObject(name)] };

function computeJobState(objects: Partial<ClusterSnapshot>) {
  return computeDataJobState(name, buildContext(objects));
}

function buildLog(pod: string, ...lines: string[]) {
  return new Map([[pod, lines.join("\n")]]);
}

describe("a JobSet that prepares a mixture", () => {
  it("is not submitted while the cluster does not have it", () => {
    expect(computeJobState({})).toMatchObject({ job: name, name: "not submitted", fraction: 0 });
  });

  it("waits for its inputs, and shows their paths", () => {
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

  it("waits while it has no pod, and shows why its first pod does not start", () => {
    expect(computeJobState(submitted)).toMatchObject({ name: "waiting for data", detail: "" });
    expect(computeJobState({ ...submitted, pods: [buildPodObject(name, "await", "pulling")] })).toMatchObject({
      name: "waiting for data",
      detail: "image not pulled: ImagePullBackOff",
    });
  });

  it.each([
    ["queued", "queued", ""],
    ["pending", "starting", ""],
    ["unschedulable", "starting", "no node fits"],
  ] as const)("with a working pod that is %s is %s", (phase, stage, detail) => {
    expect(
      computeJobState({
        ...submitted,
        pods: [buildPodObject(name, "await", "succeeded"), buildPodObject(name, "mixture", phase)],
      }),
    ).toMatchObject({ name: stage, detail });
  });

  it("has the progress of its log's last line", () => {
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

  it("is done when its condition says so, even if nothing else of it is left", () => {
    expect(computeJobState({ jobSets: [buildConditionedObject(name, "Completed")] })).toMatchObject({
      name: "done",
      fraction: 1,
    });
  });

  it("shows the last line and the command that shows more when it has failed", () => {
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

  it("shows the command that describes it when it has failed without a pod", () => {
    expect(computeJobState({ jobSets: [buildConditionedObject(name, "Failed")] }).failure?.command).toBe(
      `./mixcpt kubectl --namespace mixcpt describe jobset ${name}`,
    );
  });

  it("is not confused with the Job of another JobSet", () => {
    expect(computeJobState({ jobs: [buildChildJob(`${name}x`, "mixture", { succeeded: 1 })] }).name).toBe(
      "not submitted",
    );
  });
});

describe("a Job that prepares a mixture", () => {
  it("has the same stages", () => {
    expect(computeJobState({ jobs: [buildJobObject(name)], pods: [buildJobPod(name, "queued")] }).name).toBe("queued");
    expect(computeJobState({ jobs: [buildJobObject(name)], pods: [buildJobPod(name, "running")] }).name).toBe("data");
    expect(computeJobState({ jobs: [buildJobObject(name, "Complete")] }).name).toBe("done");
    expect(
      computeJobState({ jobs: [buildJobObject(name, "Failed")], pods: [buildJobPod(name, "failed")] }).failure?.command,
    ).toContain(`logs ${name}-failed`);
  });
});

it("a cell waits for data while its JobSet waits for a corpus that another stack makes", () => {
  const logs = buildLog(`${name}-await-0-0-running`, "waiting for /store/corpora/mono-alt-1a2b3c4d (0 s so far)");
  const waiting = computeJobState({ ...submitted, pods: [buildPodObject(name, "await", "running")], logs });
  expect(computeDataStage([waiting])).toMatchObject({
    name: "waiting for data",
    detail: "/store/corpora/mono-alt-1a2b3c4d",
  });
});
