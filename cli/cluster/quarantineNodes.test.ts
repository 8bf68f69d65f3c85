import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { fetchClosedNodes } from "../preflight/closedNodes.ts";
import { changeQuarantine } from "./quarantineNodes.ts";
import { readClusterConfig } from "./readClusterConfig.ts";

jest.mock("./connectClients.ts", () => ({ connectClients: () => Promise.resolve({}) }));
jest.mock("./readClusterConfig.ts", () => ({ readClusterConfig: jest.fn() }));
jest.mock("../kubernetes/apiErrors.ts", () => ({}));
jest.mock("../kubernetes/kubeconfigFile.ts", () => ({ readClusterKubeconfig: () => "" }));
jest.mock("../kubernetes/preflightClient.ts", () => ({
  listTaintableNodes: () => Promise.resolve([{ name: "gpu-1" }, { name: "gpu-2" }]),
  setQuarantine: () => Promise.resolve(),
}));
jest.mock("../preflight/closedNodes.ts", () => ({ fetchClosedNodes: jest.fn() }));

async function release(node: string): Promise<string[]> {
  const local = { kind: "local", hosts: 2, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
  jest.mocked(readClusterConfig).mockReturnValue(parseClusterConfig(local, "f"));
  const lines: string[] = [];
  await changeQuarantine({ cluster: "lab", verb: "release", nodes: [node] }, (line) => lines.push(line));
  return lines;
}

describe("a released node", () => {
  const closed = ["gpu-1", "gpu-2"].map((name) => ({ name, state: "untested" as const }));

  it("that still waits for preflight is named with the command that tests it, and no other", async () => {
    jest.mocked(fetchClosedNodes).mockResolvedValue(closed);
    expect(await release("gpu-1")).toEqual([
      "gpu-1: released; new work may start there",
      expect.stringMatching(/preflight passes on gpu-1: .* --nodes gpu-1$/),
    ]);
  });

  it("stays released, and the command succeeds, if the cluster then does not answer", async () => {
    jest.mocked(fetchClosedNodes).mockRejectedValue(new Error("socket hang up"));
    expect(await release("gpu-1")).toEqual([
      "gpu-1: released; new work may start there",
      "  warning: whether they wait for preflight is not known: socket hang up",
    ]);
  });
});
