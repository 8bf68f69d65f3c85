import { probeApiServer } from "../kubernetes/probeApiServer.ts";
import { createSnapshotReader } from "../kubernetes/snapshotReader.ts";
import { readCluster, readClusterRuns } from "./stackRuns.ts";

// Modules that import ES modules, which Jest does not load.
jest.mock("../engine/clusterKubeconfig.ts", () => ({}));
jest.mock("../kubernetes/deleteWorkload.ts", () => ({}));
jest.mock("../kubernetes/snapshotReader.ts", () => ({
  createSnapshotReader: jest.fn(),
  getNamespaceAccess: jest.fn(),
}));
jest.mock("../kubernetes/probeApiServer.ts", () => ({ probeApiServer: jest.fn() }));

describe("the reading of a stack's cluster", () => {
  it("announces an outage on standard error, since standard output may be a document", async () => {
    const complain = jest.spyOn(console, "error").mockImplementation();
    const write = jest.spyOn(console, "log").mockImplementation();
    jest.mocked(probeApiServer).mockImplementation((_kubeconfig, { print }) => {
      print("the API server does not respond");
      return Promise.reject(new Error("connect ECONNREFUSED"));
    });
    const reading = await readCluster({ name: undefined, kubeconfig: "clusters: []" });
    expect(reading.unavailable).toContain("ECONNREFUSED");
    expect(complain).toHaveBeenCalledWith("the API server does not respond");
    expect(write).not.toHaveBeenCalled();
  });

  it("leaves out what says why runs wait where a command only guards them", async () => {
    jest.mocked(probeApiServer).mockResolvedValue();
    jest.mocked(createSnapshotReader).mockReturnValue(() => Promise.resolve({} as never));
    for (const [read, extent] of [
      [readClusterRuns, "runs"],
      [readCluster, "reasons"],
    ] as const) {
      await read({ name: undefined, kubeconfig: "clusters: []" });
      expect(jest.mocked(createSnapshotReader).mock.lastCall?.[1]).toEqual({ extent });
    }
  });
});
