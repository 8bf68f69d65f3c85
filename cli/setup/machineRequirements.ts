import { existsSync, statfsSync } from "node:fs";
import { resolve } from "node:path";
import { getuid } from "node:process";
import { resolveCacheDirectory, listPathDirectories } from "../../workspace/environment.ts";
import type { CommandRunner } from "./setupTask.ts";
import type { SetupScope } from "./setupScope.ts";

/** Programs that setup or the local hosts need, with their Debian packages. */
export const requiredPackages: Readonly<Record<string, string>> = {
  mmdebstrap: "mmdebstrap",
  buildah: "buildah",
  skopeo: "skopeo",
  "ssh-keygen": "openssh-client",
  ip: "iproute2",
  nsenter: "util-linux",
  sysctl: "procps",
  curl: "curl",
  gpg: "gpg",
};

function isProgramOnPath(program: string): boolean {
  return listPathDirectories().some((directory) => existsSync(resolve(directory, program)));
}

export function listMissingPackages(): string[] {
  return Object.entries(requiredPackages).flatMap(([program, debian]) => (isProgramOnPath(program) ? [] : [debian]));
}

function measureFreeGB(directory: string): number {
  const { bavail, bsize } = statfsSync(existsSync(directory) ? directory : resolve(directory, ".."));
  return (bavail * bsize) / 1e9;
}

/**
 * Lists the obstacles to building the toolchain on this machine, each with a remedy.
 * @param spaceGB the peak disk usage of the build, in GB (10^9 bytes)
 */
export function listSetupObstacles(spaceGB: number, scope: SetupScope): string[] {
  const obstacles = scope === "all" ? listHostBuildObstacles() : [];
  const freeGB = measureFreeGB(resolveCacheDirectory());
  if (freeGB < spaceGB)
    obstacles.push(
      `${resolveCacheDirectory()}: ${freeGB.toFixed(0)} GB of disk space are free, the missing tasks need ` +
        `${String(spaceGB)} GB; free some space or set XDG_CACHE_HOME to a larger disk`,
    );
  return obstacles;
}

/** The cgroup v1 hierarchy in which every local host has its own group. */
export const cgroupV1Hierarchy = "/sys/fs/cgroup/systemd";

/** Lists the obstacles to running local hosts; the toolchain and the images can be built regardless. */
export function listLocalHostObstacles(hierarchy = cgroupV1Hierarchy): string[] {
  if (existsSync(hierarchy)) return [];
  return [
    `${hierarchy} does not exist, but local hosts need cgroups of version 1 or the hybrid layout; ` +
      "boot with the kernel parameters systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller; " +
      "./mixcpt setup client is enough for an existing cluster",
  ];
}

/** @throws Error if this machine cannot run local hosts, with a remedy */
export function requireLocalHostSupport(): void {
  const obstacles = listLocalHostObstacles();
  if (obstacles.length > 0) throw new Error(obstacles.join("\n"));
}

function listHostBuildObstacles(): string[] {
  const obstacles: string[] = [];
  if (getuid?.() !== 0)
    obstacles.push("network namespaces, mounts and cgroups require root; run this command as root or with sudo -E");
  if (!isProgramOnPath("apt-get"))
    obstacles.push(
      "apt-get was not found on PATH, but local hosts and images need Debian 12 or newer; " +
        "./mixcpt setup client is enough for an existing cluster",
    );
  return obstacles;
}

export async function installMissingPackages(run: CommandRunner): Promise<void> {
  const packages = listMissingPackages();
  if (packages.length === 0) return;
  await run("apt-get", ["update"]);
  await run("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
}
