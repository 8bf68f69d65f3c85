import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { buildMachine } from "../../infra/machines.fixture.ts";
import { refuseOtherEndpoint } from "./refuseOtherEndpoint.ts";

const image = `registry.example/none@sha256:${"0".repeat(64)}`;
jest.mock("../engine/findRecordedStack.ts", () => ({}));
jest.mock("./bastionTunnel.ts", () => ({}));

let server = "https://10.0.0.1:6443";

jest.mock("../kubernetes/kubeconfigFile.ts", () => ({
  hasKubeconfig: () => true,
  readClusterKubeconfig: () => `clusters:\n- cluster:\n    server: ${server}\n  name: kubernetes\n`,
}));

const claim = {
  urn: "urn:pulumi:lab::mixcpt-infra::command:local:Command::node-gpu-1-claim",
  type: "command:local:Command",
  inputs: { environment: { NODE_NAME: "gpu-1", HOST: "gpu-1 (10.0.0.1)" } },
};

function update(endpoint?: object): void {
  const cluster = {
    kind: "hosts",
    machines: [buildMachine(1)],
    ...(endpoint !== undefined && { endpoint }),
    privateKeyFile: "/root/.ssh/id_ed25519",
    devices: { gpu: "MI250X", devicesPerNode: 8 },
    store: { kind: "path", path: "/srv" },
    images: { data: image, llamaFactory: image, evaluate: image },
  };
  const config = parseClusterConfig(cluster, "infra/Pulumi.lab.yaml");
  refuseOtherEndpoint([claim], { stack: "lab", config });
}

describe("the address of the API servers", () => {
  const endpoint = { heldBy: "kube-vip", address: "10.0.0.100" };

  it("stays what it was when the cluster was made", () => {
    server = "https://10.0.0.1:6443";
    expect(() => update()).not.toThrow();
    server = "https://10.0.0.100:6443";
    expect(() => update(endpoint)).not.toThrow();
  });

  it("cannot be changed afterwards", () => {
    server = "https://10.0.0.1:6443";
    expect(() => update(endpoint)).toThrow(
      /^cluster up lab cannot move the API server from 10\.0\.0\.1:6443 to 10\.0\.0\.100:6443; nothing was changed/,
    );
    server = "https://10.0.0.100:6443";
    expect(() => update()).toThrow("to 10.0.0.1:6443");
  });
});
