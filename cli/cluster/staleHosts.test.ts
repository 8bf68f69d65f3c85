import { needsHostCleanup } from "./staleHosts.ts";

describe("what an earlier run left of the local hosts", () => {
  it.each([
    ["nothing", { stated: false, bridge: false, alive: [] }],
    ["all hosts, alive", { stated: true, bridge: true, alive: [true, true] }],
    ["fewer hosts than are declared now, alive", { stated: true, bridge: true, alive: [true] }],
    ["a network without a host yet", { stated: true, bridge: true, alive: [] }],
  ])("is built upon: %s", (_, remains) => {
    expect(needsHostCleanup(remains)).toBe(false);
  });

  it.each([
    ["a dead host among living ones", { stated: true, bridge: true, alive: [true, false] }],
    ["disks alone, after the machine was restarted", { stated: true, bridge: false, alive: [false, false] }],
    ["a state alone", { stated: true, bridge: false, alive: [] }],
    ["hosts without a state", { stated: false, bridge: true, alive: [true, true] }],
    ["a network without a state", { stated: false, bridge: true, alive: [] }],
  ])("is cleared: %s", (_, remains) => {
    expect(needsHostCleanup(remains)).toBe(true);
  });
});
