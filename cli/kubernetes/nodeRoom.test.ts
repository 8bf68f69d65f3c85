import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { measureNodeRoom } from "./nodeRoom.ts";

const units: Readonly<Record<string, number>> = { m: 0.001, Mi: 1024 ** 2, Gi: 1024 ** 3 };

function parseQuantity(quantity: string): number {
  return parseFloat(quantity) * (units[quantity.replace(/^[\d.]+/, "")] ?? 1);
}

const emulator = "mixcpt-infra/demo-existing 0123456789abcdef ana@desk:/home/ana/mixcpt";
const use = { emulator, architecture: undefined, parseQuantity };

function makeNode(overrides: { spec?: object; metadata?: object; capacity?: Record<string, string> } = {}): V1Node {
  return {
    metadata: { name: "node-1", labels: { "kubernetes.io/arch": "amd64" }, ...overrides.metadata },
    spec: { ...overrides.spec },
    status: {
      capacity: overrides.capacity ?? {},
      allocatable: { cpu: "3500m", memory: "8Gi" },
      conditions: [{ type: "Ready", status: "True" }],
    },
  };
}

function makePod(namespace: string, cpu: string, phase = "Running"): V1Pod {
  const resources = { requests: { cpu, memory: "512Mi" } };
  return {
    metadata: { namespace },
    spec: { nodeName: "node-1", containers: [{ name: "a", resources }, { name: "b" }] },
    status: { phase },
  };
}

describe("the room of a node", () => {
  it("is what no pod requests, except pods of the experiments and those that have ended", () => {
    const pods = [makePod("kube-system", "250m"), makePod("mixcpt", "2"), makePod("default", "1", "Succeeded")];
    expect(measureNodeRoom([makeNode()], pods, use)).toEqual([
      { name: "node-1", unusable: undefined, free: { cores: 3.25, memoryGiB: 7.5 } },
    ]);
  });

  it.each<[string, V1Node]>([
    ["cordoned", makeNode({ spec: { unschedulable: true } })],
    ["tainted with dedicated", makeNode({ spec: { taints: [{ key: "dedicated", effect: "NoSchedule" }] } })],
    ["not Ready", { metadata: { name: "node-1" } }],
  ])("is of no use if the node is %s", (reason, node) => {
    expect(measureNodeRoom([node], [], use)).toMatchObject([{ unusable: reason }]);
  });

  it.each<[string, V1Node]>([
    ["capacity amd.com/gpu=8", makeNode({ capacity: { "amd.com/gpu": "8" } })],
    ["capacity amd.com/gpu=0", makeNode({ capacity: { "amd.com/gpu": "0" } })],
    ["capacity nvidia.com/gpu=4", makeNode({ capacity: { "nvidia.com/gpu": "4" } })],
    ["capacity nvidia.com/gpu.shared=8", makeNode({ capacity: { "nvidia.com/gpu.shared": "8", cpu: "4" } })],
    [
      "capacity nvidia.com/gpu=4",
      makeNode({
        metadata: { annotations: { "mixcpt.io/emulated-by": emulator } },
        capacity: { "amd.com/gpu": "2", "nvidia.com/gpu": "4" },
      }),
    ],
    ...["amd.com/gpu.device-id", "feature.node.kubernetes.io/amd-gpu"].map((label): [string, V1Node] => [
      `label ${label}=1`,
      makeNode({ metadata: { name: "node-1", labels: { [label]: "1" } } }),
    ]),
  ])("is of no use if the node has devices: %s", (sign, node) => {
    expect(measureNodeRoom([node], [], use)).toMatchObject([{ unusable: `has devices already (${sign})` }]);
  });

  it("can be used with the taint of GPU nodes, a preference, and devices that this Pulumi state emulates", () => {
    const taints = [
      { key: "amd.com/gpu", effect: "NoSchedule" },
      { key: "spot", effect: "PreferNoSchedule" },
    ];
    const annotations = { "mixcpt.io/emulated-by": emulator };
    const node = makeNode({ spec: { taints }, metadata: { annotations }, capacity: { "amd.com/gpu": "2" } });
    expect(measureNodeRoom([node], [], use)).toMatchObject([{ unusable: undefined }]);
  });

  it("is of no use if a stack of the same name in another Pulumi state emulates its devices", () => {
    const other = "mixcpt-infra/demo-existing fedcba9876543210 bob@desk:/home/bob/mixcpt";
    const annotations = { "mixcpt.io/emulated-by": other };
    const node = makeNode({ metadata: { annotations }, capacity: { "amd.com/gpu": "2" } });
    for (const known of [emulator, undefined])
      expect(measureNodeRoom([node], [], { ...use, emulator: known })).toMatchObject([
        { unusable: `reports devices that another Pulumi state emulates (${other})` },
      ]);
  });

  it("is of no use for images of another architecture", () => {
    expect(measureNodeRoom([makeNode()], [], { ...use, architecture: "arm64" })).toMatchObject([
      { unusable: "is amd64, and this machine builds images for arm64" },
    ]);
  });
});
