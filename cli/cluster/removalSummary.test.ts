import { formatClusterRemoval } from "./removalSummary.ts";

const removal = {
  kind: "local",
  nodes: ["mx1-1", "mx1-2"],
  stacks: [],
  workloads: [],
  unavailable: undefined,
} as const;

describe("what goes with a cluster", () => {
  it("are its nodes, the stacks on it, and the unfinished work of anybody", () => {
    const stacks = [
      { name: "dev", objects: 39 },
      { name: "infra/platform", objects: 1 },
    ];
    const workloads = [{ kind: "TrainJob", namespace: "other-team", name: "t1" }];
    expect(formatClusterRemoval("down dev", { ...removal, stacks, workloads })).toEqual([
      "down dev removes",
      "  2 local hosts (mx1-1, mx1-2) of this machine, with all that runs on them",
      "  stack dev: 39 objects of its state",
      "  stack infra/platform: 1 object of its state",
      "  and ends",
      "    TrainJob in namespace other-team (1): t1",
      "the store keeps corpora, checkpoints and scores",
    ]);
  });

  it("is not all of an existing cluster", () => {
    expect(formatClusterRemoval("cluster destroy lab", { ...removal, kind: "existing", nodes: ["n1"] })[1]).toMatch(
      /^ {2}the platform .* from a cluster of 1 node \(n1\)$/,
    );
  });

  it("may be unknown if the cluster does not answer", () => {
    const lines = formatClusterRemoval("down dev", { ...removal, nodes: [], unavailable: "no answer" });
    expect(lines[1]).toContain("its local hosts, whose number is unknown");
    expect(lines).toContain("  unknown whether anything runs there: no answer");
  });
});
