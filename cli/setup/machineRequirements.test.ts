import { listLocalHostObstacles } from "./machineRequirements.ts";

describe("a machine for local hosts", () => {
  it("that has cgroups of version 2 alone is told which kernel parameters bring the others back, and what works without", () => {
    expect(listLocalHostObstacles("/sys/fs/cgroup/not-there")).toEqual([
      expect.stringMatching(
        /systemd\.unified_cgroup_hierarchy=0 systemd\.legacy_systemd_cgroup_controller;.*\.\/mixcpt setup client/,
      ),
    ]);
  });

  it("that has the hierarchy is told nothing", () => {
    expect(listLocalHostObstacles("/")).toEqual([]);
  });
});
