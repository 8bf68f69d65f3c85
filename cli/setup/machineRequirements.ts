import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { resolve } from "node:path";
import { getuid } from "node:process";
import {
  buildChildEnvironment,
  checkoutDirectory,
  listProgramFolders,
  resolveCacheDirectory,
} from "../../workspace/environment.ts";
import type { NewHosts } from "./inotifyInstances.ts";
import { checkInotifyInstances } from "./inotifyInstances.ts";
import type { CommandRunner } from "./setupTask.ts";
import type { SetupScope } from "./scopeNeeds.ts";
import { needsDebian } from "./scopeNeeds.ts";

/** Programs that setup or the local hosts need, with their Debian packages. */
export const requiredPackages: Readonly<Record<string, string>> = {
  mmdebstrap: "mmdebstrap",
  buildah: "buildah",
  skopeo: "skopeo",
  "ssh-keygen": "openssh-client",
  ip: "iproute2",
  nsenter: "util-linux",
  modprobe: "kmod",
  sysctl: "procps",
  pip3: "python3-pip",
  gpg: "gpg",
};

export function listMissingPackages(): string[] {
  return Object.entries(requiredPackages).flatMap(([program, debian]) =>
    listProgramFolders(program).length > 0 ? [] : [debian],
  );
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
  const obstacles = needsDebian(scope) ? listHostBuildObstacles() : [];
  const freeGB = measureFreeGB(resolveCacheDirectory());
  if (freeGB < spaceGB)
    obstacles.push(
      `${resolveCacheDirectory()}: ${freeGB.toFixed(0)} GB of disk space are free, the missing tasks need ` +
        `${String(spaceGB)} GB; free some space or set XDG_CACHE_HOME to a larger disk`,
    );
  return obstacles;
}

/**
 * The folder in which every local host has a cgroup: the only hierarchy of version 2, or systemd's hierarchy where
 * there are several, as with version 1 and the hybrid layout.
 */
export function locateHostCgroups(cgroups = "/sys/fs/cgroup"): string {
  return existsSync(resolve(cgroups, "cgroup.controllers")) ? cgroups : resolve(cgroups, "systemd");
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Returns the reason why no addresses of a network are free on this machine; empty if some are. */
function checkHostNetwork(network: string): string {
  const script = resolve(checkoutDirectory, "infra/local-hosts/network-check.sh");
  const env = buildChildEnvironment({ NETWORK: network });
  const { status, stderr, error } = spawnSync(script, { env, encoding: "utf8" });
  // A program may warn on standard error, for example bash about a locale that is not installed.
  if (status === 0) return "";
  return error === undefined ? stderr.trim() : `${network}: could not be checked by ${script}: ${error.message}`;
}

interface LocalHostMachine {
  readonly cgroups?: string;
  /** Each `a.b.0.0/16`, of which hosts that do not exist yet will use a /24. */
  readonly networks: readonly string[];
  readonly checkNetwork?: (network: string) => string;
}

/** Lists the obstacles to running local hosts; the toolchain and the images can be built regardless. */
export function listLocalHostObstacles(machine: LocalHostMachine): string[] {
  const { cgroups = "/sys/fs/cgroup", networks, checkNetwork = checkHostNetwork } = machine;
  const hostCgroups = locateHostCgroups(cgroups);
  const cgroupObstacle =
    `${cgroups}: local hosts need cgroups that can be written, of version 2, version 1 or both; ` +
    `run as root, in a container with --privileged, and if none are mounted: mount -t cgroup2 cgroup2 ${cgroups}; ` +
    "./mixcpt setup client is enough for an existing cluster";
  const obstacles = [isWritable(hostCgroups) ? "" : cgroupObstacle, ...networks.map(checkNetwork)];
  return obstacles.filter((text) => text !== "");
}

/** @throws Error if this machine cannot run local hosts, or not these new ones beside what it runs, with a remedy */
export function requireLocalHostSupport(networks: readonly string[], newHosts: NewHosts): void {
  const shortage = checkInotifyInstances(newHosts);
  const obstacles = [...listLocalHostObstacles({ networks }), ...(shortage === "" ? [] : [shortage])];
  if (obstacles.length > 0) throw new Error(obstacles.join("\n"));
}

function listHostBuildObstacles(): string[] {
  const obstacles: string[] = [];
  if (getuid?.() !== 0)
    obstacles.push("network namespaces, mounts and cgroups require root; run this command as root or with sudo -E");
  if (listProgramFolders("apt-get").length === 0)
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
