import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { buildMachine } from "../../infra/machines.fixture.ts";
import { refuseOtherControlPlane } from "./refuseOtherControlPlane.ts";

const file = "infra/Pulumi.lab.yaml";
const image = `registry.example/none@sha256:${"0".repeat(64)}`;

function buildHostsConfig(...numbers: readonly number[]): ClusterConfig {
  return buildClusterOf(numbers.map((number) => buildMachine(number)));
}

function buildClusterOf(machines: readonly object[], more: object = {}): ClusterConfig {
  const values = {
    kind: "hosts",
    machines,
    ...more,
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

describe("a cluster with three control planes", () => {
  const role = "control-plane";
  const endpoint = { heldBy: "kube-vip", address: "10.0.0.100" };
  const claims = [
    buildClaim("gpu-1", "10.0.0.1", { CONTROL_ADDRESS: "10.0.0.2", ROLE: role }),
    buildClaim("gpu-2", "10.0.0.2", { CONTROL_ADDRESS: "10.0.0.1", ROLE: role }),
    buildClaim("gpu-3", "10.0.0.3", { CONTROL_ADDRESS: "10.0.0.1", ROLE: role }),
    buildClaim("gpu-4", "10.0.0.4", { CONTROL_ADDRESS: "10.0.0.1" }),
  ];
  const change = (planes: readonly number[], workers: readonly number[] = [4]) => {
    const machines = [
      ...planes.map((number) => ({ ...buildMachine(number), role })),
      ...workers.map((number) => buildMachine(number)),
    ];
    const config = buildClusterOf(machines, { endpoint });
    return () => refuseOtherControlPlane(claims, { stack: "lab", config });
  };

  it("lets one be replaced at a time, the first one too", () => {
    expect(change([1, 2, 3])).not.toThrow();
    expect(change([1, 2, 5])).not.toThrow();
    expect(change([3, 2, 5])).not.toThrow();
  });

  it("refuses to lose most of them", () => {
    expect(change([1])).toThrow(/2 of 3 control planes would leave \(gpu-2 \(10\.0\.0\.2\), gpu-3/);
    expect(change([1, 5, 6])).toThrow("replace one at a time");
  });

  it("refuses a new machine as the first one, which would make another cluster", () => {
    expect(change([5, 2, 3])).toThrow("gpu-5 (10.0.0.5) is new and would make another cluster; put its line below");
  });

  it("refuses to make a worker of a control plane, and the other way round", () => {
    expect(change([1, 2, 4], [])).toThrow("gpu-4 (10.0.0.4) cannot change its role");
    expect(change([1, 2, 5], [3, 4])).toThrow("gpu-3 (10.0.0.3) cannot change its role");
  });
});
