import { buildPodObject } from "./apiObjects.fixture.ts";
import { createLogReader } from "./podLogs.ts";

const failedPod = buildPodObject("t1", "node", "killed");
const runningPod = buildPodObject("t1", "node", "running");

describe("the log reader", () => {
  it("reads the log of a failed pod once", async () => {
    const readNamespacedPodLog = jest.fn().mockResolvedValue("out of memory");
    const readLogs = createLogReader({ readNamespacedPodLog }, "mixcpt");
    for (let times = 0; times < 2; times += 1)
      expect([...(await readLogs([failedPod])).values()]).toEqual(["out of memory"]);
    expect(readNamespacedPodLog).toHaveBeenCalledTimes(1);
  });

  it("reads the log of a failed pod again if it could not be read", async () => {
    const readNamespacedPodLog = jest
      .fn()
      .mockRejectedValueOnce(new Error("timeout"))
      .mockResolvedValue("out of memory");
    const readLogs = createLogReader({ readNamespacedPodLog }, "mixcpt");
    expect([...(await readLogs([failedPod])).values()]).toEqual([""]);
    expect([...(await readLogs([failedPod])).values()]).toEqual(["out of memory"]);
  });

  it("reads the log of a running pod each time", async () => {
    const readNamespacedPodLog = jest.fn().mockResolvedValueOnce("step 1").mockResolvedValueOnce("step 2");
    const readLogs = createLogReader({ readNamespacedPodLog }, "mixcpt");
    expect([...(await readLogs([runningPod])).values()]).toEqual(["step 1"]);
    expect([...(await readLogs([runningPod])).values()]).toEqual(["step 2"]);
  });
});
