import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listLocalHostObstacles, locateHostCgroups } from "./machineRequirements.ts";

const folder = mkdtempSync(join(tmpdir(), "mixcpt-cgroups-"));
afterEach(() => jest.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true }));

function makeCgroups(name: string, files: readonly string[]): string {
  const root = join(folder, name);
  for (const file of files) {
    mkdirSync(join(root, file, ".."), { recursive: true });
    writeFileSync(join(root, file), "");
  }
  return root;
}

const versions = {
  v1: makeCgroups("v1", ["systemd/cgroup.procs", "memory/cgroup.procs"]),
  hybrid: makeCgroups("hybrid", ["systemd/cgroup.procs", "unified/cgroup.controllers"]),
  v2: makeCgroups("v2", ["cgroup.controllers", "system.slice/cgroup.procs"]),
};

describe("a machine for local hosts", () => {
  it.each([
    ["version 1", versions.v1, "v1/systemd"],
    ["both versions", versions.hybrid, "hybrid/systemd"],
    ["version 2 only", versions.v2, "v2"],
  ])("may have cgroups of %s, where the hosts' cgroups are found", (_, root, hostCgroups) => {
    expect(locateHostCgroups(root)).toBe(join(folder, hostCgroups));
    expect(listLocalHostObstacles({ cgroups: root, networks: ["10.89.0.0/16"], checkNetwork: () => "" })).toEqual([]);
  });

  it("without cgroups is told what to mount and what works without them", () => {
    expect(
      listLocalHostObstacles({ cgroups: join(folder, "none"), networks: ["10.89.0.0/16"], checkNetwork: () => "" }),
    ).toEqual([expect.stringMatching(/none: local hosts need cgroups.*--privileged.*mount -t cgroup2.*setup client/)]);
  });

  it("that uses the addresses of the hosts is told so before anything is made", () => {
    const checkNetwork = (network: string) => (network === "10.5.0.0/16" ? `${network}: no /24 of it is free` : "");
    const networks = ["10.89.0.0/16", "10.5.0.0/16"];
    expect(listLocalHostObstacles({ cgroups: versions.v2, networks, checkNetwork })).toEqual([
      "10.5.0.0/16: no /24 of it is free",
    ]);
  });

  /** Looks for free addresses on a machine whose program `ip` runs these lines. */
  function checkAddresses(...lines: string[]): string[] {
    const programs = mkdtempSync(join(folder, "programs-"));
    writeFileSync(join(programs, "ip"), ["#!/bin/sh", ...lines].join("\n"), { mode: 0o755 });
    jest.replaceProperty(process, "env", { PATH: `${programs}:/usr/bin:/bin` });
    return listLocalHostObstacles({ cgroups: versions.v2, networks: ["10.5.0.0/16"] });
  }

  it("may have programs that warn, for example about a locale that is not installed", () => {
    expect(checkAddresses("echo 'warning: setlocale: cannot change locale' >&2")).toEqual([]);
    expect(checkAddresses("echo '10.0.0.0/8 via 192.168.1.1 dev vpn'")).toEqual([
      expect.stringMatching(/^10\.5\.0\.0\/16: no \/24 of it is free .*dev vpn; set another network/),
    ]);
  });
});
