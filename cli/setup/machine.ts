import { existsSync, statfsSync } from "node:fs";
import { resolve } from "node:path";
import { getuid } from "node:process";
import { cacheDirectory, searchPath } from "../../infra/environment.ts";
import type { Run } from "./runLogged.ts";
import type { Scope } from "./scope.ts";

/** A program that set-up or the local hosts need, and Debian's package with it. */
const needed: Readonly<Record<string, string>> = {
  mmdebstrap: "mmdebstrap",
  buildah: "buildah",
  "ssh-keygen": "openssh-client",
  ip: "iproute2",
  nsenter: "util-linux",
  sysctl: "procps",
  curl: "curl",
  gpg: "gpg",
};

const isOnPath = (program: string): boolean => searchPath().some((directory) => existsSync(resolve(directory, program)));

export const missingPackages = (): string[] => Object.entries(needed).flatMap(([program, debian]) => (isOnPath(program) ? [] : [debian]));

function freeGB(directory: string): number {
  const { bavail, bsize } = statfsSync(existsSync(directory) ? directory : resolve(directory, ".."));
  return (bavail * bsize) / 1e9;
}

/**
 * What stands in the way of building the toolchain here; each with the way out.
 * @param spaceGB what it takes of the disk at its highest, in GB (10^9 bytes)
 */
export function obstacles(spaceGB: number, scope: Scope): string[] {
  const found = scope === "all" ? hostObstacles() : [];
  if (!isOnPath("go")) found.push("Go is missing (go was not found on PATH): install Go 1.26 or newer and put its bin directory on PATH");
  const free = freeGB(cacheDirectory());
  if (free < spaceGB) found.push(`${free.toFixed(0)} GB are free for ${cacheDirectory()}, what is missing takes ${String(spaceGB)} GB: free some, or set XDG_CACHE_HOME to a larger disk`);
  return found;
}

/** The hierarchy of version 1 with which local hosts are told apart. */
export const cgroups = "/sys/fs/cgroup/systemd";

/** What stands in the way of local hosts alone: the toolchain and the images can be built without it. */
export function localHostObstacles(hierarchy = cgroups): string[] {
  if (existsSync(hierarchy)) return [];
  return [`local hosts need cgroups of version 1 or the hybrid layout (there is no ${hierarchy}): boot with the kernel parameters systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller; ./mixcpt setup client is enough for a cluster that is there`];
}

/** @throws Error where this machine cannot run local hosts, with the way out */
export function refuseLocalHosts(): void {
  const found = localHostObstacles();
  if (found.length > 0) throw new Error(found.join("\n"));
}

function hostObstacles(): string[] {
  const found: string[] = [];
  if (getuid?.() !== 0) found.push("this needs root, for network namespaces, mounts and cgroups: run it as root or with sudo -E");
  if (!isOnPath("apt-get")) found.push("apt-get is missing: local hosts and images need Debian 12 or newer; ./mixcpt setup client is enough for a cluster that is there");
  return found;
}

export async function installMissingPackages(run: Run): Promise<void> {
  const packages = missingPackages();
  if (packages.length === 0) return;
  await run("apt-get", ["update"]);
  await run("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], { env: { DEBIAN_FRONTEND: "noninteractive" } });
}
