import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { readClusterConfig } from "./readClusterConfig.ts";
import { printRoleKubeconfig } from "./roleCredential.ts";

jest.mock("./readClusterConfig.ts");
jest.mock("../engine/clusterKubeconfig.ts", () => ({ updateKubeconfig: jest.fn() }));
jest.mock("../kubernetes/roleKubeconfig.ts", () => ({ issueRoleKubeconfig: jest.fn() }));

it("refuses a cluster of nodes alone, whose roles belong to the stack of its platform", async () => {
  const emulated = { gpu: "MI300X", devicesPerNode: 2 };
  const config = parseClusterConfig({ kind: "local", platform: "elsewhere", hosts: 2, emulated }, "f");
  jest.mocked(readClusterConfig).mockReturnValue(config);
  await expect(printRoleKubeconfig("lab", { role: "view", hours: 8 })).rejects.toThrow(
    'cluster kubeconfig: "lab" has only nodes (platform: elsewhere); roles belong to the stack of kind existing',
  );
});
