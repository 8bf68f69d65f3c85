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

  it("reads at most some logs at a time, in turns, and returns the same map if no line is new", async () => {
    const pods = ["t1", "t2", "t3"].map((run) => buildPodObject(run, "node", "running"));
    const readNamespacedPodLog = jest.fn(({ name }: { name: string }) => Promise.resolve(`log of ${name}`));
    const readLogs = createLogReader({ readNamespacedPodLog }, "mixcpt", { logsPerReading: 2 });
    expect([...(await readLogs(pods)).values()].filter(Boolean)).toHaveLength(2);
    const all = await readLogs(pods);
    expect([...all.values()].filter(Boolean)).toHaveLength(3);
    expect(await readLogs(pods)).toBe(all);
    expect(readNamespacedPodLog).toHaveBeenCalledTimes(6);
  });
});
