import { compare, formatShortage, listProblems, makeNode, partitioned } from "./gpuNodes.fixture.ts";

describe("GPU nodes that the pods cannot reach", () => {
  const theirs = { key: "team", value: "them", effect: "NoSchedule" };
  const divided = { "amd.com/gpu.compute-memory-partition": "cpx_nps4" };

  it("are left out: those of others are not mentioned while enough nodes fit, whatever mode their cards have", () => {
    const foreign = makeNode("b", "74a1", { devices: 64, labels: divided, taints: [theirs] });
    expect(listProblems([makeNode("a", "74a1"), foreign], partitioned)).toEqual([]);
    const tolerations = [{ key: "team", operator: "Exists" as const }];
    expect(listProblems([makeNode("a", "74a1"), foreign], partitioned, { training: { tolerations } })).toHaveLength(1);
  });

  it("do not fit, which is said with the label or taint in the way", () => {
    const pool = { training: { nodeSelector: { pool: "mixcpt" } }, evaluation: { nodeSelector: { pool: "mixcpt" } } };
    const nodes = [makeNode("a", "7408", { labels: { pool: "mixcpt" } }), makeNode("b", "7408")];
    expect(listProblems(nodes, {}, pool)).toEqual([
      formatShortage("1 of 2", "2 with MI250X"),
      "node b: lacks the label pool=mixcpt of training.nodeSelector",
    ]);
    expect(listProblems([makeNode("a", "7408", { taints: [theirs] })])[1]).toBe(
      "node a: has the taint team=them:NoSchedule, which training.tolerations does not tolerate",
    );
  });

  it("may be reached by one of trainings and evaluations alone", () => {
    const pods = { training: { nodeSelector: { pool: "training" } } };
    expect(listProblems([makeNode("a", "7408"), makeNode("b", "7408")], {}, pods)).toEqual([]);
  });

  it.each([
    [{ key: "amd.com/gpu", effect: "NoSchedule" }, []],
    [{ key: "team", effect: "PreferNoSchedule" }, []],
    [theirs, [{ key: "team", value: "them" }]],
    [theirs, [{ operator: "Exists" as const }]],
    [theirs, [{ key: "team", operator: "Exists" as const, effect: "NoSchedule" as const }]],
  ])("are none with the taint %j and the tolerations %j", (taint, tolerations) => {
    expect(
      listProblems([makeNode("a", "7408", { taints: [taint] })], { nodes: 1 }, { training: { tolerations } }),
    ).toEqual([]);
  });

  it.each([
    [{ key: "team", value: "us" }],
    [{ key: "team", operator: "Exists" as const, effect: "NoExecute" as const }],
  ])("are those with a taint that %j does not match", (toleration) => {
    const pods = { training: { tolerations: [toleration] } };
    expect(listProblems([makeNode("a", "7408", { taints: [theirs] })], { nodes: 1 }, pods)).toHaveLength(2);
  });

  it("include cordoned ones and those that are not ready", () => {
    const taints = [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }];
    const nodes = [makeNode("a", "7408", { state: "cordoned", taints }), makeNode("b", "7408", { state: "not ready" })];
    expect(listProblems(nodes)).toEqual([
      formatShortage("0 of 2", "2 with MI250X"),
      "node a: is cordoned; kubectl uncordon lets pods in again",
      "node b: is not ready; kubectl describe node says why",
    ]);
    expect(compare(nodes).isUnusable).toBe(false);
  });

  it("in quarantine are named with the way to release them, even if enough others fit", () => {
    const taints = [{ key: "mixcpt.io/quarantine", value: "preflight", effect: "NoSchedule" }];
    const broken = makeNode("c", "7408", { taints });
    const problem =
      "node c: is in quarantine (by preflight) and gets no new work; once it is repaired and ./mixcpt preflight with " +
      "--nodes passes, its operator lets work in again with ./mixcpt cluster release";
    expect(listProblems([makeNode("a", "7408"), makeNode("b", "7408"), broken])).toEqual([problem]);
    expect(listProblems([makeNode("a", "7408"), broken])).toEqual([formatShortage("1 of 2", "2 with MI250X"), problem]);
  });
});
