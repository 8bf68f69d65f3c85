import type { GpuNode } from "./gpuNodeComparison.ts";
import {
  compare,
  allocatable,
  formatShortage,
  listProblems,
  makeNode,
  makeUnlabelledNode,
  partitioned,
} from "./gpuNodes.fixture.ts";

describe("the GPU nodes of a cluster", () => {
  it("do not fit without room for a training on all of their devices", () => {
    const small = makeNode("gpu-1", "7408", { allocatable: { ...allocatable, cpu: "24" } });
    expect(listProblems([small, makeNode("gpu-2", "7408")])).toEqual([
      formatShortage("1 of 2", "2 with MI250X"),
      expect.stringMatching(/^node gpu-1: offers less than a training .* \(cpu 24 of 32\)/),
    ]);
    expect(compare([small]).isUnusable).toBe(false);
  });

  it("fit if they have the declared devices, whatever other nodes have", () => {
    const nodes = [makeNode("a", "7408"), makeNode("b", "7408"), makeNode("c", "740c"), makeUnlabelledNode("d")];
    expect(listProblems(nodes)).toEqual([]);
  });

  it("fit with every id of the model", () => {
    const nodes = [makeNode("a", "74a1"), makeNode("b", "74a9"), makeNode("c", "74b5"), makeNode("d", "74bd")];
    expect(listProblems(nodes, { gpu: "MI300X", nodes: 4 })).toEqual([]);
  });

  it("of another model are named with their id, the model and the declared one", () => {
    expect(listProblems([makeNode("a", "740c"), makeNode("b", "740c")])).toEqual([
      formatShortage("0 of 2", "2 with MI250X"),
      "node a (1 other likewise): has 8 devices of id 740c (MI250), but the file declares MI250X; " +
        'set deviceId to "740c" to use them as MI250X under the present names, ' +
        "or set gpu to MI250, which gives every training and score a new name",
    ]);
  });

  it("of an unknown id are named with the id and how to add it", () => {
    expect(listProblems([makeNode("a", "7408"), makeNode("b", "74ff")])).toEqual([
      formatShortage("1 of 2", "2 with MI250X"),
      "node b: has 8 devices of id 74ff, which the catalog of GPUs does not list; " +
        'if they are MI250X, set deviceId to "74ff"; ids and models: docs/gpu-nodes.md#gpus',
    ]);
    expect(listProblems([makeNode("b", "74ff")], { deviceId: "74ff", nodes: 1 })).toEqual([]);
  });

  it("with another id than the configured one are named, too", () => {
    expect(listProblems([makeNode("a", "7408")], { deviceId: "740c", nodes: 1 })[1]).toBe(
      "node a: has 8 devices of id 7408 (MI250X), but the file declares id 740c; " +
        'remove deviceId, or set it to "7408"',
    );
  });

  it("without a label for one id are explained by the labels that they have", () => {
    const nodes = [
      makeUnlabelledNode("a"),
      makeUnlabelledNode("b", { "beta.amd.com/gpu.device-id": "7408" }),
      makeUnlabelledNode("c", { "amd.com/gpu.device-id.7408": "8", "amd.com/gpu.device-id.7300": "1" }),
    ];
    expect(listProblems(nodes).slice(1)).toEqual([
      expect.stringMatching(
        /^node a: has no device id; AMD's node labeller must set the label amd\.com\/gpu\.device-id/,
      ),
      expect.stringMatching(/^node b: has only beta\.amd\.com\/gpu\.device-id; .*; upgrade the labeller/),
      expect.stringMatching(
        /^node c: has devices of several PCI ids \((8 of 7408|1 of 7300), .*\), and a pod may get any/,
      ),
    ]);
  });

  it("with fewer devices than declared are named, with a broken device plugin or broken devices as the reason", () => {
    const nodes = [makeNode("a", "7408", { devices: 6 }), makeNode("b", "7408", { devices: 0 })];
    expect(listProblems(nodes).slice(1)).toEqual([
      "node a: offers 6 devices, but devicesPerNode is 8; " +
        "set devicesPerNode to 6, or repair the node: unhealthy devices do not count",
      "node b: offers 0 devices, but devicesPerNode is 8; " +
        "AMD's device plugin must run there: configure rocm, or see its log",
    ]);
  });

  it("may have more devices than declared, which then remain free for others", () => {
    expect(listProblems([makeNode("a", "7408")], { devicesPerNode: 4, nodes: 1 })).toEqual([]);
  });

  it("are missing if no node has any", () => {
    expect(listProblems([])).toEqual([expect.stringMatching(/^GPU nodes: no node has the label .*configure rocm/)]);
    expect(listProblems([], { emulated: true })).toEqual([
      expect.stringMatching(/cluster up of the stack that emulates/),
    ]);
  });

  it("are real exactly if the file declares real ones", () => {
    const emulated = makeNode("a", "7408", { labels: { "mixcpt.io/emulated-gpu": "true" } });
    expect(listProblems([emulated], { emulated: true, nodes: 1 })).toEqual([]);
    expect(listProblems([emulated], { nodes: 1 })[1]).toMatch(/^node a: reports devices that do not exist/);
    expect(listProblems([makeNode("a", "7408")], { emulated: true, nodes: 1 })[1]).toMatch(/^node a: has real devices/);
  });
});

describe("the cards of a node", () => {
  it("must be in the declared mode, by AMD's label, even if enough nodes are", () => {
    const labels = { "amd.com/gpu.compute-memory-partition": "cpx_nps4" };
    const nodes = [makeNode("a", "74a1"), makeNode("b", "74a1", { devices: 64, labels })];
    const [problem, ...others] = listProblems(nodes, partitioned);
    expect(problem).toBe(
      "node b: has cards in mode CPX (label amd.com/gpu.compute-memory-partition=cpx_nps4), " +
        "but the file declares SPX; set partition to CPX and devicesPerNode to 64, or change the mode of the cards",
    );
    expect(others).toEqual([]);
    const cpx = { ...partitioned, partition: "CPX", devicesPerNode: 64 } as const;
    expect(listProblems(nodes.slice(1), cpx)).toEqual([]);
  });

  it("are in another mode if a node has more devices than eight cards have in the declared one", () => {
    expect(listProblems([makeNode("a", "74a1", { devices: 64 })], partitioned)).toEqual([
      formatShortage("0 of 1", "1 with MI300X"),
      "node a: has 64 devices, but 8 MI300X have 8; " +
        "set partition to the mode of the cards and devicesPerNode to 64, or change the mode of the cards",
    ]);
  });

  it("have no mode if the model cannot be partitioned", () => {
    const labels = { "amd.com/gpu.compute-memory-partition": "spx_nps1" };
    expect(listProblems([makeNode("a", "7408", { labels })], { nodes: 1 })).toEqual([]);
    expect(listProblems([makeNode("a", "740f", { devices: 20 })], { gpu: "MI210", nodes: 1 })).toEqual([]);
  });
});

describe("a cluster without a fitting GPU node", () => {
  const other = makeNode("a", "740c");

  it("is unusable if all reachable nodes have other devices, or none that labels describe", () => {
    expect(compare([other, makeUnlabelledNode("b")]).isUnusable).toBe(true);
    const theirs = makeNode("b", "7408", { taints: [{ key: "team", effect: "NoSchedule" }] });
    expect(compare([other, theirs]).isUnusable).toBe(true);
  });

  it.each([
    ["a card is unhealthy", { devices: 7 }],
    ["the device plugin restarts", { devices: 0 }],
    ["a node is cordoned", { state: "cordoned" as const }],
  ])("is usable if %s", (_, changes) => {
    const report = compare([other, makeNode("b", "7408", changes)]);
    expect(report.shortage).toMatch(/^GPU nodes: 0 of 2 fit/);
    expect(report.isUnusable).toBe(false);
  });

  it("is incomplete while nodes, labels or all devices of a node are missing, not for what lasts", () => {
    const fitting = makeNode("b", "7408");
    const isIncomplete = (...nodes: GpuNode[]) => compare(nodes).isIncomplete;
    for (const nodes of [
      [],
      [fitting],
      [fitting, makeUnlabelledNode("c")],
      [fitting, makeNode("c", "7408", { devices: 0 })],
    ])
      expect(isIncomplete(...nodes)).toBe(true);
    for (const node of [other, makeNode("c", "7408", { devices: 7 }), makeNode("c", "7408", { state: "cordoned" })])
      expect(isIncomplete(fitting, node)).toBe(false);
  });
});
