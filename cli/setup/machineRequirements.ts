import { existsSync, statfsSync } from "node:fs";
import { resolve } from "node:path";
import { getuid } from "node:process";
import { resolveCacheDirectory, listPathDirectories } from "../../workspace/environment.ts";
import type { CommandRunner } from "./setupTask.ts";
import type { SetupScope } from "./setupScope.ts";

/** A program that set-up or the local hosts need, and Debian's package with it. */
export const requiredPackages: Readonly<Record<string, string>> = {
  mmdebstrap: "mmdebstrap",
  buildah: "buildah",
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
 * What stands in the way of building the toolchain here; each with the way out.
 * @param spaceGB what it takes of the disk at its highest, in GB (10^9 bytes)
 */
export function listSetupObstacles(spaceGB: number, scope: SetupScope): string[] {
  const found = scope === "all" ? listHostBuildObstacles() : [];
  if (!isProgramOnPath("go"))
    found.push("Go is missing (go was not found on PATH): install Go 1.26 or newer and put its bin directory on PATH");
  const free = measureFreeGB(resolveCacheDirectory());
  if (free < spaceGB)
    found.push(
      `${free.toFixed(0)} GB are free for ${resolveCacheDirectory()}, what is missing takes ${String(spaceGB)} GB: free some, or set XDG_CACHE_HOME to a larger disk`,
    );
  return found;
}

/** The hierarchy of version 1 with which local hosts are told apart. */
export const cgroupV1Hierarchy = "/sys/fs/cgroup/systemd";

/** What stands in the way of local hosts alone: the toolchain and the images can be built without it. */
export function listLocalHostObstacles(hierarchy = cgroupV1Hierarchy): string[] {
  if (existsSync(hierarchy)) return [];
  return [
    `local hosts need cgroups of version 1 or the hybrid layout (there is no ${hierarchy}): boot with the kernel parameters systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller; ./mixcpt setup client is enough for a cluster that is there`,
  ];
}

/** @throws Error where this machine cannot run local hosts, with the way out */
export function requireLocalHostSupport(): void {
  const found = listLocalHostObstacles();
  if (found.length > 0) throw new Error(found.join("\n"));
}

function listHostBuildObstacles(): string[] {
  const found: string[] = [];
  if (getuid?.() !== 0)
    found.push("this needs root, for network namespaces, mounts and cgroups: run it as root or with sudo -E");
  if (!isProgramOnPath("apt-get"))
    found.push(
      "apt-get is missing: local hosts and images need Debian 12 or newer; ./mixcpt setup client is enough for a cluster that is there",
    );
  return found;
}

export async function installMissingPackages(run: CommandRunner): Promise<void> {
  const packages = listMissingPackages();
  if (packages.length === 0) return;
  await run("apt-get", ["update"]);
  await run("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
}
