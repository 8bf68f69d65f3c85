import { childJob, job, jobPod, kubectl, object, pod, progressLine, snapshot } from "./cluster.fixture.ts";
import { dataJobState, dataStage } from "./dataStage.ts";
import { failureText } from "./failure.ts";
import type { Snapshot } from "./snapshot.ts";

const name = "data-mono-alt-11112222";
const submitted = { jobSets: [object(name)] };
const stateOf = (more: Partial<Snapshot>) => dataJobState(name, snapshot(more), kubectl);
const log = (at: string, ...lines: string[]) => new Map([[at, lines.join("\n")]]);

describe("what makes a mixture as a JobSet", () => {
  it("is not submitted before the cluster has it", () => {
    expect(stateOf({})).toMatchObject({ job: name, name: "not submitted", fraction: 0 });
  });

  it("waits for what it is made from, and says for which", () => {
    const logs = log(`${name}-await-0-0-running`, "waiting for /store/models/glotlid-1a2b3c4d (0 s so far)", "waiting for /store/inputs/benchmarks  (60 s so far)");
    expect(stateOf({ ...submitted, pods: [pod(name, "await", "running")], logs })).toMatchObject({ name: "waiting for data", detail: "/store/inputs/benchmarks" });
  });

  it("waits before it has any pod, and says why one that would wait does not start", () => {
    expect(stateOf(submitted)).toMatchObject({ name: "waiting for data", detail: "" });
    expect(stateOf({ ...submitted, pods: [pod(name, "await", "pulling")] })).toMatchObject({ name: "waiting for data", detail: "ImagePullBackOff" });
  });

  it.each([["queued", "queued", ""], ["pending", "starting", ""], ["unschedulable", "starting", "no node fits"]] as const)("whose work's pod is %s is %s", (phase, stage, detail) => {
    expect(stateOf({ ...submitted, pods: [pod(name, "await", "succeeded"), pod(name, "mixture", phase)] })).toMatchObject({ name: stage, detail });
  });

  it("runs as far as its work's last line says", () => {
    const pods = [pod(name, "await", "succeeded"), pod(name, "mixture", "running")];
    const logs = log(`${name}-mixture-0-0-running`, progressLine(3, 12, { unit: "shards", eta_seconds: 90 }));
    expect(stateOf({ ...submitted, pods, logs })).toMatchObject({ name: "data", fraction: 0.25, detail: "3/12 shards", stepEta: 90 });
  });

  it("is done when the JobSet is, even if nothing else is left of it", () => {
    expect(stateOf({ jobSets: [object(name, "Completed")] })).toMatchObject({ name: "done", fraction: 1 });
  });

  it("that has failed says the last line and the command that shows more", () => {
    const failed = `${name}-mixture-0-0-failed`;
    const pods = [pod(name, "await", "succeeded"), pod(name, "mixture", "failed")];
    const { failure, ...state } = stateOf({ jobSets: [object(name, "Failed")], pods, logs: log(failed, "sources[2]: adds nothing: it has no rows") });
    expect(state.name).toBe("failed");
    expect(failure && failureText(failure)).toBe("data failed (exit code 1): sources[2]: adds nothing: it has no rows");
    expect(failure?.command).toBe(`./mixcpt kubectl --namespace mixcpt logs ${failed}`);
  });

  it("that has failed without a pod is described", () => {
    expect(stateOf({ jobSets: [object(name, "Failed")] }).failure?.command).toBe(`./mixcpt kubectl --namespace mixcpt describe jobset ${name}`);
  });

  it("is not mistaken for the Job of another JobSet", () => {
    expect(stateOf({ jobs: [childJob(`${name}x`, "mixture", { succeeded: 1 })] }).name).toBe("not submitted");
  });
});

describe("what makes a mixture as a Job", () => {
  it("is at the same stages", () => {
    expect(stateOf({ jobs: [job(name)], pods: [jobPod(name, "queued")] }).name).toBe("queued");
    expect(stateOf({ jobs: [job(name)], pods: [jobPod(name, "running")] }).name).toBe("data");
    expect(stateOf({ jobs: [job(name, "Complete")] }).name).toBe("done");
    expect(stateOf({ jobs: [job(name, "Failed")], pods: [jobPod(name, "failed")] }).failure?.command).toContain(`logs ${name}-failed`);
  });
});

it("a cell whose JobSet waits for a corpus that another stack makes waits for data", () => {
  const logs = log(`${name}-await-0-0-running`, "waiting for /store/corpora/mono-alt-1a2b3c4d (0 s so far)");
  const waiting = stateOf({ ...submitted, pods: [pod(name, "await", "running")], logs });
  expect(dataStage([waiting])).toMatchObject({ name: "waiting for data", detail: "/store/corpora/mono-alt-1a2b3c4d" });
});
