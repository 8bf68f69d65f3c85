import { execa } from "execa";
import { writeClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { updateKubeconfig } from "./clusterKubeconfig.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("../kubernetes/kubeconfigFile.ts");
jest.mock("../../workspace/toolchain.ts", () => ({ listKnownPrograms: () => [] }));
jest.mock("./backend.ts", () => ({ hasOtherBackend: () => true, buildPulumiEnvironment: () => ({}) }));
jest.mock("./prepareWorkDirectory.ts", () => ({ prepareWorkDirectory: () => "/nowhere" }));

function scriptPulumi(result: object): void {
  jest
    .mocked(execa)
    .mockReset()
    .mockResolvedValue(result as never);
}

describe("the kubeconfig of a cluster in another backend", () => {
  it("is read once by a command with several stacks on the cluster", async () => {
    scriptPulumi({ failed: false, stdout: "clusters: [lab]" });
    await Promise.all([updateKubeconfig("shared"), updateKubeconfig("shared")]);
    await updateKubeconfig("shared");
    expect(execa).toHaveBeenCalledTimes(1);
    expect(writeClusterKubeconfig).toHaveBeenCalledWith("shared", "clusters: [lab]");
  });

  it("is given up after 20 seconds without an answer", async () => {
    scriptPulumi({ failed: true, timedOut: true, stderr: "", shortMessage: "Command timed out" });
    await expect(updateKubeconfig("silent")).rejects.toThrow(
      `cluster "silent": its kubeconfig cannot be read from Pulumi's state (the backend did not answer within 20 s)`,
    );
    expect(execa).toHaveBeenCalledWith("pulumi", expect.anything(), expect.objectContaining({ timeout: 20_000 }));
  });

  it("is read again while another command writes the state", async () => {
    const halfWritten = { failed: true, stderr: "error: failed to load checkpoint: EOF" };
    scriptPulumi({ failed: false, stdout: "clusters: [busy]" });
    jest.mocked(execa).mockResolvedValueOnce(halfWritten as never);
    await updateKubeconfig("busy");
    expect(writeClusterKubeconfig).toHaveBeenLastCalledWith("busy", "clusters: [busy]");
  });

  it("is missing if no cluster up was completed, which is not an error", async () => {
    scriptPulumi({ failed: true, stderr: "error: no stack named 'new' found" });
    await expect(updateKubeconfig("new")).resolves.toBeUndefined();
  });
});
