import fc from "fast-check";
import { buildPodObject, buildSnapshot } from "../../kubernetes/apiObjects.fixture.ts";
import type { ClusterSnapshot } from "../../kubernetes/apiObjects.ts";
import { nodeJobName } from "../../../jobs/kube/trainingRuntime.ts";
import { drawGrid } from "../drawGrid.ts";
import { computeGridState } from "../gridState.ts";
import { listNewLines } from "../plainLines.ts";
import { buildCellsStack, buildContext } from "../watchedStack.fixture.ts";
import { explainWaiting } from "./explainWaiting.ts";
import { hourAgo, stuckCell } from "./stuckObjects.fixture.ts";
import { stuckStates } from "./stuckStates.fixture.ts";

const run = { kind: "trainjob", name: stuckCell.trainJob } as const;
const stack = buildCellsStack({ ...stuckCell, dataJobs: [] });
const frame = { stack: "dev", columns: 120, color: false, notice: null };

function findState(name: string): Partial<ClusterSnapshot> {
  return stuckStates.find(({ state }) => state === name)?.objects ?? {};
}

describe("the reason why a training waits", () => {
  it.each(stuckStates)("is found if $state", ({ kind, summary, objects }) => {
    expect(explainWaiting(run, buildSnapshot(objects))).toMatchObject({ kind, summary });
  });

  it.each(stuckStates)("is shown in the grid and in plain lines if $state", ({ summary, objects }) => {
    const state = computeGridState(stack, buildContext(objects));
    expect(drawGrid(state, frame)).toContain(`${summary} (${stuckCell.id})`);
    expect(drawGrid(state, frame)).toContain(`  more: ./mixcpt explain dev ${stuckCell.id}`);
    expect(listNewLines(new Map(), state).lines.join("\n")).toContain(`(${summary})`);
  });

  it("is the cluster's own message, with the object and the time", () => {
    expect(explainWaiting(run, buildSnapshot(findState("no quota is free")))).toMatchObject({
      source: "Kueue",
      message: expect.stringMatching(/^couldn't assign flavors .* 8 more needed$/),
      object: { kind: "Workload" },
      since: hourAgo.getTime(),
    });
  });

  it("includes what the storage class says about a volume", () => {
    const { message, object } = explainWaiting(run, buildSnapshot(findState("the volume is not bound"))) ?? {};
    expect(message).toContain('storageclass "lustre" not found');
    expect(object).toEqual({ kind: "PersistentVolumeClaim", name: "store" });
  });

  it("is a lack of room for work without GPUs, although GPU nodes are tainted", () => {
    const { pods = [] } = findState("every node is tainted");
    const message = "0/4 nodes are available: 1 Insufficient cpu, 3 node(s) had untolerated taint(s).";
    const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
    const cpuPods = pods.map((pod) => ({ ...pod, spec: {}, status: { phase: "Pending", conditions } }));
    expect(explainWaiting(run, buildSnapshot({ pods: cpuPods }))?.summary).toBe("no node with enough free cpu");
  });

  it("is a lost node before anything else", () => {
    const { pods = [], ...lost } = findState("the node is lost");
    const gated = findState("no quota is free");
    const objects = { ...gated, ...lost, pods: [...(gated.pods ?? []), ...pods] };
    expect(explainWaiting(run, buildSnapshot(objects))?.kind).toBe("node lost");
  });

  it("is unknown while the pods run, whatever happened before", () => {
    const pods = [buildPodObject(stuckCell.trainJob, nodeJobName, "running")];
    const blockers = ["node lost", "broken node", "suspended"];
    for (const { objects } of stuckStates.filter(({ kind }) => !blockers.includes(kind)))
      expect(computeGridState(stack, buildContext({ ...objects, pods })).cells[0]).toMatchObject({
        name: "train",
        reason: null,
      });
  });

  it("is no broken node once the pod that kept its GPUs computes", () => {
    const { pods = [] } = findState("a pod keeps broken GPUs");
    const log = `the GPUs of this node are broken: torch sees 7 of 8; this pod keeps them\nstarting at step 0\n`;
    const logs = new Map(pods.map((pod) => [pod.metadata?.name ?? "", log]));
    expect(explainWaiting(run, buildSnapshot({ trainJobs: [], pods, logs, nodes: [] }))?.kind).not.toBe("broken node");
  });

  it("is not a missing controller in the first three minutes", () => {
    const now = hourAgo.getTime() + 170_000;
    const missing = findState("no controller makes a JobSet");
    expect(explainWaiting(run, { ...buildSnapshot(missing), now })).toBeNull();
  });

  it("is not that Kueue lacks a Workload if Workloads may not be read", () => {
    const unread = [{ resource: "workloads.kueue.x-k8s.io", cause: "not allowed" }] as const;
    expect(explainWaiting(run, buildSnapshot({ ...findState("Kueue does not know the pod"), unread }))).toBeNull();
  });

  it("keeps its plain line while only the numbers change", () => {
    const objects = findState("no quota is free");
    const { printed } = listNewLines(new Map(), computeGridState(stack, buildContext(objects)));
    const later = computeGridState(stack, buildContext({ ...objects, clusterQueues: [] }));
    expect(listNewLines(printed, later).lines).toEqual([]);
  });
});

const listKeys = ["trainJobs", "jobSets", "jobs", "pods", "workloads", "clusterQueues", "events", "claims"] as const;

/** Every subset of the objects of all states, by their kind. */
const subsets = fc.record(
  Object.fromEntries(
    listKeys.map((key) => [key, fc.subarray(stuckStates.flatMap<object>(({ objects }) => objects[key] ?? []))]),
  ),
);

/** Removes fields of an object, except the one without which an event is about nothing. */
function stripFields(object: object, fields: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(object).filter(([field]) => field === "involvedObject" || !fields.includes(field)),
  );
}

it("a reason is looked for without an error, whichever objects and fields are missing", () => {
  const nodes = stuckStates.flatMap(({ objects }) => objects.nodes ?? []);
  const fields = fc.subarray(["metadata", "spec", "status", "message", "reason", "lastTimestamp"]);
  fc.assert(
    fc.property(subsets, fields, fc.boolean(), (objects, missing, knowsNodes) => {
      const partial: Partial<ClusterSnapshot> = Object.fromEntries(
        Object.entries(objects).map(([key, list]) => [key, list.map((object) => stripFields(object, missing))]),
      );
      const context = buildContext({ ...partial, nodes: knowsNodes ? nodes : null });
      const reason = explainWaiting(run, context.snapshot);
      expect(reason === null || reason.summary !== "").toBe(true);
      expect(drawGrid(computeGridState(stack, context), frame)[0]).toContain("dev: ");
    }),
    { numRuns: 300 },
  );
});
