import { buildPodObject } from "../watch/watchedStack.fixture.ts";
import { createLogReader } from "./podLogs.ts";

const failed = buildPodObject("t1", "node", "killed");
const running = buildPodObject("t1", "node", "running");

describe("the log of a pod", () => {
  it("that has failed is read once", async () => {
    const readNamespacedPodLog = jest.fn().mockResolvedValue("out of memory");
    const read = createLogReader({ readNamespacedPodLog }, "mixcpt");
    for (let times = 0; times < 2; times += 1) expect([...(await read([failed])).values()]).toEqual(["out of memory"]);
    expect(readNamespacedPodLog).toHaveBeenCalledTimes(1);
  });

  it("that could not be read is asked for again", async () => {
    const readNamespacedPodLog = jest
      .fn()
      .mockRejectedValueOnce(new Error("timeout"))
      .mockResolvedValue("out of memory");
    const read = createLogReader({ readNamespacedPodLog }, "mixcpt");
    expect([...(await read([failed])).values()]).toEqual([""]);
    expect([...(await read([failed])).values()]).toEqual(["out of memory"]);
  });

  it("that runs is read each time", async () => {
    const readNamespacedPodLog = jest.fn().mockResolvedValueOnce("step 1").mockResolvedValueOnce("step 2");
    const read = createLogReader({ readNamespacedPodLog }, "mixcpt");
    expect([...(await read([running])).values()]).toEqual(["step 1"]);
    expect([...(await read([running])).values()]).toEqual(["step 2"]);
  });
});
