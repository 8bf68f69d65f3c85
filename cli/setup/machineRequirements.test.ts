import { listLocalHostObstacles } from "./machineRequirements.ts";

describe("a machine for local hosts", () => {
  it("with cgroups of version 2 only gets the kernel parameters to set and the alternative", () => {
    expect(listLocalHostObstacles("/sys/fs/cgroup/missing")).toEqual([
      expect.stringMatching(
        /systemd\.unified_cgroup_hierarchy=0 systemd\.legacy_systemd_cgroup_controller;.*\.\/mixcpt setup client/,
      ),
    ]);
  });

  it("with the hierarchy has no obstacle", () => {
    expect(listLocalHostObstacles("/")).toEqual([]);
  });
});
