import { buildMachine } from "../../infra/machines.fixture.ts";
import { formatHostName } from "../../infra/resourceNames.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { formatLeavingNodes, listLeavingNodes } from "./leavingNodes.ts";

function recordClaim(name: string, address = "10.0.0.9") {
  return {
    urn: `urn:pulumi:lab::mixcpt-infra::mixcpt:infra:Cluster$command:local:Command::node-${name}-claim`,
    type: "command:local:Command",
    inputs: { environment: { NODE_NAME: name, HOST: `${name} (${address})`, PRIVATE_KEY: { ciphertext: "v1:…" } } },
  };
}

const image = `registry.example/none@sha256:${"0".repeat(64)}`;
const hosts = parseClusterConfig(
  {
    kind: "hosts",
    machines: [buildMachine(1), buildMachine(2)],
    privateKeyFile: "/root/.ssh/id_ed25519",
    devices: { gpu: "MI250X", devicesPerNode: 8 },
    store: { kind: "path", path: "/srv" },
    images: { data: image, llamaFactory: image, evaluate: image },
  },
  "infra/Pulumi.lab.yaml",
);
const local = parseClusterConfig(
  { kind: "local", hosts: 2, emulated: { gpu: "MI250X", devicesPerNode: 2 } },
  "infra/Pulumi.lab.yaml",
);

describe("the nodes that a cluster up removes", () => {
  it("are those that the state has and the file does not", () => {
    const resources = [
      recordClaim("gpu-1", "10.0.0.1"),
      recordClaim("gpu-2", "10.0.0.2"),
      recordClaim("gpu-3", "10.0.0.3"),
    ];
    expect(listLeavingNodes(resources, { stack: "lab", config: hosts })).toEqual([
      { name: "gpu-3", label: "gpu-3 (10.0.0.3)" },
    ]);
  });

  it("are also those that get another address", () => {
    const leaving = listLeavingNodes([recordClaim("gpu-2", "10.0.0.7")], { stack: "lab", config: hosts });
    expect(leaving).toEqual([{ name: "gpu-2", label: "gpu-2 (10.0.0.7)", newAddress: "10.0.0.2" }]);
    const lines = formatLeavingNodes(
      "lab",
      leaving.map((node) => ({ ...node, pods: [] })),
    );
    expect(lines[1]).toContain("gpu-2 (10.0.0.7), which becomes the machine at 10.0.0.2: what is at the old address");
  });

  it("are none before the first up, and none of what is added", () => {
    expect(listLeavingNodes([], { stack: "lab", config: hosts })).toEqual([]);
    expect(listLeavingNodes([recordClaim("gpu-1", "10.0.0.1")], { stack: "lab", config: hosts })).toEqual([]);
  });

  it("are the last local hosts where the file asks for fewer", () => {
    const names = [0, 1, 2].map((index) => formatHostName("lab", index));
    const leaving = listLeavingNodes(
      names.map((name) => recordClaim(name)),
      { stack: "lab", config: local },
    );
    expect(leaving.map(({ name }) => name)).toEqual(names.slice(2));
  });

  it("are all of them where the file has another kind by now", () => {
    const resources = [recordClaim("gpu-1"), recordClaim("gpu-2")];
    expect(listLeavingNodes(resources, { stack: "lab", config: local })).toHaveLength(2);
  });
});

describe("what a cluster up removes with nodes", () => {
  const [name, label] = ["gpu-3", "gpu-3 (10.0.0.3)"];

  it("names the pods that end there", () => {
    expect(formatLeavingNodes("lab", [{ name, label, pods: ["mixcpt/train-0", "other/web"] }])).toEqual([
      "cluster up lab removes",
      "  gpu-3 (10.0.0.3), which infra/Pulumi.lab.yaml no longer names: drained, then left as it was before it came",
      "    ends these pods there: mixcpt/train-0, other/web",
    ]);
  });

  it("says where they are none, or unknown", () => {
    const nodes = [[], { unavailable: "no answer" }].map((pods) => ({ name, label, pods }));
    expect(formatLeavingNodes("lab", nodes).filter((line) => line.startsWith("    "))).toEqual([
      "    no pods run there",
      "    unknown which pods run there: no answer",
    ]);
  });
});
