import { rmSync, symlinkSync } from "node:fs";
import { resolve } from "node:path";
import type { SetupTask } from "./setupTask.ts";
import { hashCacheKey } from "./setupTask.ts";

/** Packages of a freshly installed Debian server, and those that kubelet and kubeadm require. */
const debianPackages = [
  "ca-certificates",
  "conntrack",
  "dbus",
  "ethtool",
  "iproute2",
  "iptables",
  "kmod",
  "mount",
  "openssh-server",
  "procps",
  "runc",
  "socat",
  "systemd",
  "systemd-sysv",
  "util-linux",
];

/** Services that only a machine with its own hardware needs. */
const maskedUnits = [
  "console-getty.service",
  "getty.target",
  "systemd-logind.service",
  "systemd-networkd.service",
  "systemd-resolved.service",
  "systemd-timesyncd.service",
  "systemd-udevd.service",
  "systemd-udev-trigger.service",
];

/** Subfolder of the output with the root file system, which mmdebstrap insists on creating. */
export const hostRootSubfolder = "root";

export const hostRootTask: SetupTask = {
  title: "Debian root of the local hosts",
  output: `hosts/${hashCacheKey(...debianPackages, ...maskedUnits)}`,
  minutes: 1,
  build: async (directory, run) => {
    const root = resolve(directory, hostRootSubfolder);
    await run("mmdebstrap", ["--variant=minbase", `--include=${debianPackages.join(",")}`, "bookworm", root]);
    for (const unit of maskedUnits) symlinkSync("/dev/null", resolve(root, "etc/systemd/system", unit));
    // every host generates its own host keys
    await run("find", [resolve(root, "etc/ssh"), "-name", "ssh_host_*", "-delete"]);
    for (const cache of ["var/cache/apt", "var/lib/apt/lists"])
      rmSync(resolve(root, cache), { recursive: true, force: true });
  },
};
