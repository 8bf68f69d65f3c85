import { rmSync, symlinkSync } from "node:fs";
import { resolve } from "node:path";
import type { Step } from "./step.ts";
import { keyOf } from "./step.ts";

/** What a freshly installed Debian server has, and what kubelet and kubeadm ask of one. */
const packages = [
  "ca-certificates", "conntrack", "dbus", "ethtool", "iproute2", "iptables", "kmod", "mount", "openssh-server",
  "procps", "runc", "socat", "systemd", "systemd-sysv", "util-linux",
];

/** Services that belong to a machine with hardware of its own. */
const masked = [
  "console-getty.service", "getty.target", "systemd-logind.service", "systemd-networkd.service",
  "systemd-resolved.service", "systemd-timesyncd.service", "systemd-udevd.service", "systemd-udev-trigger.service",
];

/** Below the output: the root itself. mmdebstrap wants to make its directory. */
export const rootFolder = "root";

export const hostRoot: Step = {
  title: "Debian root of the local hosts",
  output: `hosts/${keyOf(...packages, ...masked)}`,
  minutes: 1,
  make: async (directory, run) => {
    const root = resolve(directory, rootFolder);
    await run("mmdebstrap", ["--variant=minbase", `--include=${packages.join(",")}`, "bookworm", root]);
    for (const unit of masked) symlinkSync("/dev/null", resolve(root, "etc/systemd/system", unit));
    // host keys are made anew by every host
    await run("find", [resolve(root, "etc/ssh"), "-name", "ssh_host_*", "-delete"]);
    for (const cache of ["var/cache/apt", "var/lib/apt/lists"]) rmSync(resolve(root, cache), { recursive: true, force: true });
  },
};
