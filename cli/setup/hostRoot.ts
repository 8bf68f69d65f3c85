import { rmSync, symlinkSync } from "node:fs";
import { resolve } from "node:path";
import type { SetupTask } from "./setupTask.ts";
import { hashCacheKey } from "./setupTask.ts";

/** What a freshly installed Debian server has, and what kubelet and kubeadm ask of one. */
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

/** Services that belong to a machine with hardware of its own. */
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

/** Below the output: the root itself. mmdebstrap wants to make its directory. */
export const hostRootSubfolder = "root";

export const hostRootTask: SetupTask = {
  title: "Debian root of the local hosts",
  output: `hosts/${hashCacheKey(...debianPackages, ...maskedUnits)}`,
  minutes: 1,
  build: async (directory, run) => {
    const root = resolve(directory, hostRootSubfolder);
    await run("mmdebstrap", ["--variant=minbase", `--include=${debianPackages.join(",")}`, "bookworm", root]);
    for (const unit of maskedUnits) symlinkSync("/dev/null", resolve(root, "etc/systemd/system", unit));
    // host keys are made anew by every host
    await run("find", [resolve(root, "etc/ssh"), "-name", "ssh_host_*", "-delete"]);
    for (const cache of ["var/cache/apt", "var/lib/apt/lists"])
      rmSync(resolve(root, cache), { recursive: true, force: true });
  },
};
