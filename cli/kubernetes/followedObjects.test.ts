import type { ApiClients } from "./apiClients.ts";
import { readContainerLog } from "./followedObjects.ts";

/** Reads a log whose requests end like this, one after the other, the last one again and again. */
async function readThrough(...outcomes: readonly (string | Error)[]) {
  const readNamespacedPodLog = jest.fn((): Promise<string> => {
    const outcome = outcomes[Math.min(readNamespacedPodLog.mock.calls.length, outcomes.length) - 1] ?? "";
    return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
  });
  const clients = { core: { readNamespacedPodLog } } as unknown as ApiClients;
  const container = { namespace: "mixcpt", pod: "p", container: "c", pauseMilliseconds: 0 };
  return { log: await readContainerLog(clients, container), requests: readNamespacedPodLog.mock.calls.length };
}

const busyKubelet = Object.assign(new Error("net/http: TLS handshake timeout"), { code: 500 });

describe("the log of a container", () => {
  it("is read again where the server or the kubelet is busy", async () => {
    const timeout = new Error("no response within 10 s");
    expect(await readThrough(timeout, busyKubelet, "{}")).toEqual({ log: "{}", requests: 3 });
  });

  it.each([
    [400, "has not started"],
    [404, "is gone with its pod"],
  ])("is empty at once (%d) if the container %s", async (code) => {
    expect(await readThrough(Object.assign(new Error("none"), { code }))).toEqual({ log: "", requests: 1 });
  });

  it("is not taken for an empty one by a command that is interrupted between two attempts", async () => {
    const interrupted = new AbortController();
    const readNamespacedPodLog = jest.fn(() => {
      interrupted.abort();
      return Promise.reject(busyKubelet);
    });
    const clients = { core: { readNamespacedPodLog } } as unknown as ApiClients;
    const container = { namespace: "mixcpt", pod: "p", container: "c", signal: interrupted.signal };
    await expect(readContainerLog(clients, container)).rejects.toThrow(/aborted/);
  });

  it("is empty if its node is lost", async () => {
    expect(await readThrough(busyKubelet)).toEqual({ log: "", requests: 5 });
  });
});
