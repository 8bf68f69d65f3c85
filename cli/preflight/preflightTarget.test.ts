import { emulatedCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildNodeJob, buildPairJobSet } from "../../jobs/preflight/index.ts";
import { buildCheck } from "../../jobs/preflight/checkResults.fixture.ts";
import { buildJobPod, buildPodObject } from "../kubernetes/apiObjects.fixture.ts";
import { buildTargetResult, buildUntestedResult, readTargetPhase } from "./preflightTarget.ts";

const context = { cluster: emulatedCluster, id: "x", store: { checkpointBytes: 1, assumedMBs: 1 } };
const nodeTarget = { nodes: ["a"], manifest: buildNodeJob(context, "a", 0) };
const pairTarget = { nodes: ["a", "b"], manifest: buildPairJobSet(context, ["a", "b"], 0) };
const { name } = nodeTarget.manifest.metadata;
const now = new Date("2026-11-28T12:00:00Z");

describe("the phase of a target", () => {
  it("follows its pods", () => {
    const readPhase = (...pods: ReturnType<typeof buildJobPod>[]) => readTargetPhase(nodeTarget, pods, {});
    expect(readPhase()).toBe("waits for free devices");
    expect(readPhase(buildJobPod(name, "queued"))).toBe("waits for free devices");
    expect(readPhase(buildJobPod(name, "pending"))).toBe("starts");
    expect(readPhase(buildJobPod("another", "running"))).toBe("waits for free devices");
    expect(readPhase(buildJobPod(name, "failed"))).toBe("has ended");
  });

  it("has ended once the object is gone, or has a condition that says so", () => {
    const failed = { status: { conditions: [{ type: "Failed", status: "True" }] } };
    expect(readTargetPhase(nodeTarget, [], undefined)).toBe("has ended");
    expect(readTargetPhase(nodeTarget, [], failed)).toBe("has ended");
  });

  it("of a pair has ended only with both pods", () => {
    const jobSet = pairTarget.manifest.metadata.name;
    const [first, second] = [buildPodObject(jobSet, "first", "failed"), buildPodObject(jobSet, "second", "running")];
    expect(readTargetPhase(pairTarget, [first], {})).not.toBe("has ended");
    expect(readTargetPhase(pairTarget, [first, second], {})).not.toBe("has ended");
  });
});

describe("the result of a target", () => {
  const document = { checks: [buildCheck("all-reduce-between", { value: 3 })], facts: {} };
  const output = { container: "preflight", pod: undefined, log: "", document };

  it.each(["fail", "warn"] as const)(
    "has one row where both nodes of a pair report a check: %s of either",
    (status) => {
      const worse = { ...document, checks: [buildCheck("all-reduce-between", { status })] };
      const outputs = [output, { ...output, document: worse }];
      const { checks } = buildTargetResult({ target: pairTarget, outputs, image: "i", now });
      expect(checks.map((check) => check.status)).toEqual([status]);
    },
  );

  it("explains a container that left no document", () => {
    const log = "exec: mixcpt-preflight: not found\n";
    const outputs = [{ ...output, log, document: undefined }];
    const { checks } = buildTargetResult({ target: nodeTarget, outputs, image: "i", now });
    expect(checks[0]).toMatchObject({ name: "preflight", status: "fail" });
    expect(checks[0]?.detail).toBe("container preflight left no results: exec: mixcpt-preflight: not found");
  });

  it("is skipped where the devices did not get free", () => {
    expect(buildUntestedResult(nodeTarget, { image: "i", patience: 1_800_000 }).checks[0]).toMatchObject({
      status: "skipped",
      detail: "not tested: its devices were not free for 30 min; wait longer with --wait",
    });
  });
});
