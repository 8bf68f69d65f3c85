import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { buildMachine } from "../../infra/machines.fixture.ts";
import { refuseOtherControlPlane } from "./refuseOtherControlPlane.ts";

const file = "infra/Pulumi.lab.yaml";
const image = `registry.example/none@sha256:${"0".repeat(64)}`;

function buildHostsConfig(...numbers: readonly number[]): ClusterConfig {
  const values = {
    kind: "hosts",
    machines: numbers.map((number) => buildMachine(number)),
    privateKeyFile: "/root/.ssh/id_ed25519",
    devices: { gpu: "MI250X", devicesPerNode: 8 },
    store: { kind: "path", path: "/srv" },
    images: { data: image, llamaFactory: image, evaluate: image },
  };
  return parseClusterConfig(values, file);
}

function buildClaim(name: string, address: string, environment: object = {}) {
  return {
    urn: `urn:pulumi:lab::mixcpt-infra::mixcpt:infra:Cluster$command:local:Command::node-${name}-claim`,
    type: "command:local:Command",
    inputs: { environment: { NODE_NAME: name, HOST: `${name} (${address})`, ...environment } },
  };
}

const state = [buildClaim("gpu-1", "10.0.0.1"), buildClaim("gpu-2", "10.0.0.2", { CONTROL_ADDRESS: "10.0.0.1" })];

function update(config: ClusterConfig): void {
  refuseOtherControlPlane(state, { stack: "lab", config });
}

describe("a cluster up", () => {
  it("lets workers come and leave", () => {
    expect(() => update(buildHostsConfig(1, 3))).not.toThrow();
    expect(() => refuseOtherControlPlane([], { stack: "lab", config: buildHostsConfig(2) })).not.toThrow();
  });

  it.each([[[2]], [[2, 1]], [[3, 4]]])("is refused if it would end the control plane: machines %j", (numbers) => {
    expect(() => update(buildHostsConfig(...numbers))).toThrow(
      /^cluster up lab would end the control plane gpu-1 \(10\.0\.0\.1\), [^]*\n {2}\.\/mixcpt cluster destroy lab removes the cluster/,
    );
  });

  it("is refused if the control plane would be a machine at another address", () => {
    const claims = [buildClaim("gpu-1", "10.0.0.9")];
    expect(() => refuseOtherControlPlane(claims, { stack: "lab", config: buildHostsConfig(1) })).toThrow(
      "has gpu-1 (10.0.0.1) as the control plane",
    );
  });

  it("is refused if the file has another kind of cluster", () => {
    const local = { kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
    expect(() => update(parseClusterConfig(local, file))).toThrow("./mixcpt cluster destroy lab");
  });
});
