import type { NodeRoom } from "../kubernetes/nodeRoom.ts";
import { requireListedNodes, selectDemoNodes } from "./demoNodes.ts";

function makeRoom(name: string, cores: number, unusable?: string): NodeRoom {
  return { name, unusable, free: { cores, memoryGiB: 6 } };
}

function select(nodes: readonly NodeRoom[], installsControllers = true): string[] {
  return selectDemoNodes({ nodes, installsControllers });
}

describe("the nodes of the demo", () => {
  it("are the two with the most free processors", () => {
    expect(select([makeRoom("c", 2), makeRoom("b", 4), makeRoom("a", 8), makeRoom("d", 9, "cordoned")])).toEqual([
      "a",
      "b",
    ]);
  });

  it("are one if the controllers would not fit beside two", () => {
    const nodes = [makeRoom("a", 1.4), makeRoom("b", 1.4)];
    expect(select(nodes)).toEqual(["a"]);
    expect(select(nodes, false)).toEqual(["a", "b"]);
  });

  it("are refused with the reason of each node", () => {
    const nodes = [makeRoom("a", 0.55), makeRoom("b", 8, "has devices already (capacity amd.com/gpu=8)")];
    expect(() => select(nodes)).toThrow(
      [
        "no node can be used; one needs 1 cores and 3 GiB that no pod requests, " +
          "and 1 cores and 1 GiB for the controllers anywhere, " +
          "no taint and no GPUs (the images that setup builds have no ROCm)",
        "  node a: 0.5 cores and 6 GiB are free",
        "  node b: has devices already (capacity amd.com/gpu=8)",
      ].join("\n"),
    );
    expect(() => select([])).toThrow("the cluster has no nodes");
  });

  it("that a file lists are refused if they are gone or cannot be used any more", () => {
    const nodes = [makeRoom("a", 0), makeRoom("b", 8, "cordoned")];
    expect(() => requireListedNodes(["a"], nodes, "f")).not.toThrow();
    expect(() => requireListedNodes(["a", "b", "c"], nodes, "f")).toThrow(
      "node b, which f lists: cordoned\nnode c, which f lists: is not in the cluster",
    );
  });
});
