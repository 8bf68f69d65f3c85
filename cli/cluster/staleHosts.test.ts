import { needsHostCleanup } from "./staleHosts.ts";

describe("what an earlier run left of the local hosts", () => {
  it.each([
    ["nothing", { hasState: false, hasBridge: false, alive: [] }],
    ["all hosts, alive", { hasState: true, hasBridge: true, alive: [true, true] }],
    ["fewer hosts than are declared now, alive", { hasState: true, hasBridge: true, alive: [true] }],
    ["a network without a host yet", { hasState: true, hasBridge: true, alive: [] }],
  ])("is kept: %s", (_, remains) => {
    expect(needsHostCleanup(remains)).toBe(false);
  });

  it.each([
    ["a dead host among live ones", { hasState: true, hasBridge: true, alive: [true, false] }],
    ["only disks, after the machine was restarted", { hasState: true, hasBridge: false, alive: [false, false] }],
    ["only a state", { hasState: true, hasBridge: false, alive: [] }],
    ["hosts without a state", { hasState: false, hasBridge: true, alive: [true, true] }],
    ["a network without a state", { hasState: false, hasBridge: true, alive: [] }],
  ])("is removed: %s", (_, remains) => {
    expect(needsHostCleanup(remains)).toBe(true);
  });
});
