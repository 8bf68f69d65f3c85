import { selectNodeTrees } from "./nodeTrees.ts";

const trees = { everyNode: ["programs", "files"], kubectl: ["kubectl"], controlPlane: ["etcdctl", "timers"] };

describe("the programs and files of a node", () => {
  it.each(["cilium", "routes"] as const)("are all of them on a control plane whose pods %s connects", (kind) => {
    expect(selectNodeTrees(trees, { role: "controlPlane", podNetwork: { kind } })).toEqual([
      "programs",
      "files",
      "kubectl",
      "etcdctl",
      "timers",
    ]);
  });

  it("are on a worker only those of every node, and kubectl where it fetches the routes with it", () => {
    expect(selectNodeTrees(trees, { role: "worker", podNetwork: { kind: "cilium" } })).toEqual(["programs", "files"]);
    expect(selectNodeTrees(trees, { role: "worker", podNetwork: { kind: "routes" } })).toEqual([
      "programs",
      "files",
      "kubectl",
    ]);
  });
});
