import { parseClusterConfig } from "../../../infra/clusterConfig.ts";
import { renderScript } from "../../../infra/cluster/hostScripts.ts";
import type { Toolchain } from "../../../workspace/toolchain.ts";
import { refuseOtherVersion } from "./refuseOtherVersion.ts";

jest.mock("../../kubernetes/kubeconfigFile.ts", () => ({ hasKubeconfig: () => false }));

const emulated = { gpu: "MI250X", devicesPerNode: 2 };
const config = parseClusterConfig({ kind: "local", hosts: 1, emulated }, "infra/Pulumi.dev.yaml");
const initScript = renderScript("init-control-plane.sh", { KUBEADM_CONFIG: "kubernetesVersion: v1.36.3\n" });

function buildCommand(name: string, inputs: object) {
  return { urn: `urn:${name}`, type: "command:local:Command", inputs: { ...inputs } };
}

const claim = buildCommand("node-1-claim", { environment: { NODE_NAME: "node-1", HOST: "node-1 (10.89.0.2)" } });

function update(init: object, kubernetesVersion: string): Promise<void> {
  const software = { nodes: { kubernetesVersion } } as Toolchain;
  const resources = [claim, buildCommand("node-1-init", init)];
  return refuseOtherVersion(resources, { stack: "dev", config, software, print: () => undefined });
}

describe("a cluster that does not answer", () => {
  it.each([
    ["of this version", { create: "ssh", stdin: initScript }],
    ["of earlier versions, which had the script as a command", { create: initScript }],
  ])("keeps the version of Kubernetes in a state %s", async (_, init) => {
    await expect(update(init, "v1.36.3")).resolves.toBeUndefined();
    await expect(update(init, "v1.37.2")).rejects.toThrow("does not change the version of Kubernetes to v1.37.2");
  });
});
