import { probeApiServer } from "../kubernetes/probeApiServer.ts";
import { readCluster } from "./stackRuns.ts";

// Modules that import ES modules, which Jest does not load.
jest.mock("../engine/clusterKubeconfig.ts", () => ({}));
jest.mock("../kubernetes/deleteWorkload.ts", () => ({}));
jest.mock("../kubernetes/snapshotReader.ts", () => ({}));
jest.mock("../kubernetes/probeApiServer.ts", () => ({ probeApiServer: jest.fn() }));

describe("the reading of a stack's cluster", () => {
  it("announces an outage on standard error, since standard output may be a document", async () => {
    const complain = jest.spyOn(console, "error").mockImplementation();
    const write = jest.spyOn(console, "log").mockImplementation();
    jest.mocked(probeApiServer).mockImplementation((_kubeconfig, print) => {
      print("the API server does not respond");
      return Promise.reject(new Error("connect ECONNREFUSED"));
    });
    const reading = await readCluster({ name: undefined, kubeconfig: "clusters: []" });
    expect(reading.unavailable).toContain("ECONNREFUSED");
    expect(complain).toHaveBeenCalledWith("the API server does not respond");
    expect(write).not.toHaveBeenCalled();
  });
});
