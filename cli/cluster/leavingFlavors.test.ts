import { formatLeavingFlavors } from "./leavingFlavors.ts";

const prefix = "urn:pulumi:lab::mixcpt-infra::mixcpt:infra:Experiments$kubernetes:kueue.x-k8s.io/v1beta2";
const deletedUrns = [
  `${prefix}:ResourceFlavor::resourceflavor-mixcpt-mi250x-740c`,
  `${prefix}:LocalQueue::localqueue-gpu`,
];
const former = { kind: "Workload", namespace: "mixcpt", name: "t1", flavors: ["mixcpt-mi250x-740c"] };

describe("a cluster up that removes a flavor", () => {
  it("names the admitted work that counts against it, and what its removal means", () => {
    const others = [
      { ...former, name: "t2", flavors: ["mixcpt-cpu"] },
      { kind: "Workload", namespace: "mixcpt", name: "queued" },
      { kind: "TrainJob", namespace: "mixcpt", name: "t1" },
    ];
    expect(formatLeavingFlavors("lab", { workloads: [former, ...others], deletedUrns })).toEqual([
      "cluster up lab removes the flavor mixcpt-mi250x-740c, while admitted work counts against it:",
      "  Workload in namespace mixcpt (1): t1",
      expect.stringMatching(/the queue counts its devices as free until it ends.*better wait/),
    ]);
  });

  it("says nothing if no work is admitted with it, or if it stays", () => {
    expect(formatLeavingFlavors("lab", { workloads: [], deletedUrns })).toEqual([]);
    expect(formatLeavingFlavors("lab", { workloads: [former], deletedUrns: deletedUrns.slice(1) })).toEqual([]);
  });
});
