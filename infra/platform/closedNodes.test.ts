import { parseClusterConfig } from "../clusterConfig.ts";
import { buildExistingClusterConfig } from "../existingCluster.fixture.ts";
import type { ListedNode } from "./closedNodes.ts";
import { listClosedNodes, requiresPreflight } from "./closedNodes.ts";

function parse(more: object): ReturnType<typeof parseClusterConfig> {
  return parseClusterConfig({ ...buildExistingClusterConfig("/k"), ...more }, "infra/Pulumi.lab.yaml");
}

const required = parse({ preflight: { required: true } });

function buildNode(name: string, labels: Record<string, string>, more: Partial<ListedNode> = {}): ListedNode {
  return { metadata: { name, labels: { "amd.com/gpu.device-id": "7408", ...labels } }, ...more };
}

const key = "preflight.mixcpt.io/mixcpt";
const nodes = [buildNode("b", {}), buildNode("a", { [key]: "failed" }), buildNode("c", { [key]: "passed" })];

describe("the nodes that wait for preflight", () => {
  it("are those with devices that have not passed, by name", () => {
    expect(listClosedNodes(nodes, required)).toEqual([
      { name: "a", state: "failed" },
      { name: "b", state: "untested" },
    ]);
  });

  it("are none where the file does not require preflight, which is the default", () => {
    for (const config of [parse({}), parse({ preflight: { cordon: true } }), parse({ preflight: {} })])
      expect(listClosedNodes(nodes, config)).toEqual([]);
  });

  it("are none on a stack that makes machines alone, because another one installs the queues", () => {
    const local = { kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
    const preflight = { required: true };
    expect(requiresPreflight(parseClusterConfig({ ...local, preflight }, "f"))).toBe(true);
    expect(requiresPreflight(parseClusterConfig({ ...local, preflight, platform: "elsewhere" }, "f"))).toBe(false);
  });

  it("are not those of others: another model, no devices, or a taint that no work tolerates", () => {
    const taints = [{ key: "example.com/team", value: "a", effect: "NoSchedule" }];
    const others: ListedNode[] = [
      { metadata: { name: "login", labels: {} }, status: { capacity: { cpu: "8" } } },
      { metadata: { name: "mi300", labels: { "amd.com/gpu.device-id": "74a1" } } },
      buildNode("theirs", {}, { spec: { taints } }),
    ];
    expect(listClosedNodes(others, required)).toEqual([]);
  });

  it("include those without a label of their devices yet, and those in quarantine", () => {
    const capacity = { "amd.com/gpu": "8" };
    const fresh: ListedNode = { metadata: { name: "fresh", labels: {} }, status: { capacity } };
    const taints = [{ key: "mixcpt.io/quarantine", value: "preflight", effect: "NoSchedule" }];
    expect(listClosedNodes([fresh, buildNode("q", {}, { spec: { taints } })], required)).toHaveLength(2);
  });
});
