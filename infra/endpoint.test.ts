import { parseClusterConfig } from "./clusterConfig.ts";
import { buildMachine } from "./machines.fixture.ts";

const image = `registry.example/none@sha256:${"0".repeat(64)}`;

function parseWith(planes: number, endpoint?: object) {
  const machines = Array.from({ length: 4 }, (_, index) => ({
    ...buildMachine(index + 1),
    ...(index < planes && { role: "control-plane" }),
  }));
  const cluster = {
    kind: "hosts",
    machines,
    ...(endpoint !== undefined && { endpoint }),
    privateKeyFile: "/root/.ssh/id_ed25519",
    devices: { gpu: "MI250X", devicesPerNode: 8 },
    store: { kind: "path", path: "/srv" },
    images: { data: image, llamaFactory: image, evaluate: image },
  };
  return parseClusterConfig(cluster, "infra/Pulumi.lab.yaml");
}

describe("the endpoint of a cluster", () => {
  it("is at port 6443 unless a load balancer says otherwise", () => {
    expect(parseWith(3, { heldBy: "kube-vip", address: "10.0.0.100" })).toHaveProperty("endpoint.port", 6443);
    expect(parseWith(1, { heldBy: "load-balancer", address: "api.example", port: 443 })).toHaveProperty(
      "endpoint.port",
      443,
    );
  });

  it("is needed with several control planes, and not with one", () => {
    for (const planes of [2, 3])
      expect(() => parseWith(planes)).toThrow(/endpoint.*is missing; several control planes need an address/);
    expect(parseWith(1)).not.toHaveProperty("endpoint");
  });

  it("is none of the machines' addresses, and an address alone that kube-vip can move", () => {
    expect(() => parseWith(3, { heldBy: "kube-vip", address: "10.0.0.2" })).toThrow(
      "10.0.0.2 is the address of machines[1]",
    );
    expect(() => parseWith(3, { heldBy: "kube-vip", address: "api.example" })).toThrow(
      "must be an unused IPv4 address",
    );
    expect(() => parseWith(3, { heldBy: "kube-vip", address: "10.0.0.100", port: 443 })).toThrow("must be 6443");
  });
});
