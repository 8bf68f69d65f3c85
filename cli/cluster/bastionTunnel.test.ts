import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { buildMachine } from "../../infra/machines.fixture.ts";
import { readServerAddress } from "./refuseOtherEndpoint.ts";
import { buildTunnelEnvironment, findTunneledConfig, routeKubeconfig } from "./bastionTunnel.ts";
import { findClusterConfig } from "./readClusterConfig.ts";

jest.mock("execa", () => ({}));
jest.mock("./readClusterConfig.ts", () => ({ findClusterConfig: jest.fn() }));

const image = `registry.example/none@sha256:${"0".repeat(64)}`;
const bastion = { address: "gate.example", user: "ana", hostKey: "ssh-ed25519 AAAA", localPort: 16443 };

function parse(more: object): ClusterConfig {
  const cluster = {
    kind: "hosts",
    machines: [buildMachine(1)],
    devices: { gpu: "MI250X", devicesPerNode: 8 },
    store: { kind: "path", path: "/srv" },
    images: { data: image, llamaFactory: image, evaluate: image },
    ...more,
  };
  return parseClusterConfig(cluster, "infra/Pulumi.lab.yaml");
}

/** The variables of the script that opens the tunnel; undefined if there is none. */
function readEnvironment(more: object): Record<string, string> | undefined {
  jest.mocked(findClusterConfig).mockReturnValue(parse(more));
  const config = findTunneledConfig("lab");
  return config && buildTunnelEnvironment(config);
}

const kubeconfig = "clusters:\n- cluster:\n    server: https://10.0.0.1:6443\n  name: k\n";

describe("the tunnel through a bastion", () => {
  it("leads from a port of the loopback to the only control plane, or to the endpoint", () => {
    expect(readEnvironment({ bastion })).toMatchObject({
      BASTION_ADDRESS: "gate.example",
      BASTION_USER: "ana",
      BASTION_PORT: "22",
      TUNNEL: `127.0.0.1:16443:${buildMachine(1).address}:6443`,
    });
    const endpoint = { heldBy: "load-balancer", address: "api.example", port: 443 };
    expect(readEnvironment({ bastion, endpoint })).toMatchObject({ TUNNEL: "127.0.0.1:16443:api.example:443" });
  });

  it("is opened with the keys of the agent on a machine that has no such key file", () => {
    expect(readEnvironment({ bastion, privateKeyFile: "/nowhere/key" })).toMatchObject({ PRIVATE_KEY: "" });
  });

  it("does not exist unless the file names a port, so that a cluster that is reached directly stays so", () => {
    const { localPort, ...direct } = bastion;
    expect(localPort).toBe(16443);
    for (const more of [{}, { bastion: direct }]) {
      expect(readEnvironment(more)).toBeUndefined();
      expect(routeKubeconfig("lab", kubeconfig)).toBe(kubeconfig);
    }
  });

  it("is where the kubeconfig of the checkout leads, whatever the state records", () => {
    jest.mocked(findClusterConfig).mockReturnValue(parse({ bastion }));
    expect(readServerAddress(routeKubeconfig("lab", kubeconfig))).toBe("127.0.0.1:16443");
    jest.mocked(findClusterConfig).mockReturnValue(undefined);
    expect(routeKubeconfig("deleted", kubeconfig)).toBe(kubeconfig);
  });
});
