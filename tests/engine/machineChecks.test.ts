/** What the inspection of a machine finds before anything is changed, in namespaces as a machine. Needs root. */
import { renderScriptRun, runOnMachine } from "../support/nodeMachine.ts";

/** A machine without faults, apart from what this one's kernel, disk and cgroups are. */
const soundMachine = `
  for name in conntrack runc iptables; do stub /usr/local/sbin/$name; done
  printf '#!/bin/sh\\nexit 3\\n' >/usr/local/sbin/systemctl
  printf '#!/bin/sh\\necho yes\\n' >/usr/local/sbin/timedatectl
  printf '#!/bin/sh\\nprintf "Avail\\\\n 100\\\\n"\\n' >/usr/local/sbin/df
  printf '#!/bin/sh\\necho 8\\n' >/usr/local/sbin/nproc
  chmod 755 /usr/local/sbin/*
`;

/** The problems and warnings, without those of this machine's cgroups and swap. */
function inspectMachine(setup: string, input: Parameters<typeof renderScriptRun>[1] = {}): string[] {
  // a clock that is a minute away is a fault
  const OPERATOR_TIME = String(Math.floor(Date.now() / 1000));
  const checked = { HOST_KIND: "hosts", PORTS: "6443 2379 10250", OPERATOR_TIME };
  const printed = runOnMachine(soundMachine, setup, renderScriptRun("inspect-host.sh", { ...checked, ...input }));
  return printed
    .split("\n")
    .filter((line) => /^ {2}|^warning/.test(line) && !/cgroups of version 1|swaps;/.test(line))
    .map((line) => line.replace(/^ {2}/, ""));
}

describe("a machine before it becomes a node", () => {
  it("is accepted without a word", () => {
    expect(inspectMachine("")).toEqual([]);
  });

  it.each([
    ["debian", "12", "apt-get install procps"],
    ["rocky", "9.6", "dnf install procps-ng"],
  ])("is refused if it lacks a program, with its package (%s)", (id, version, install) => {
    const setup = `
      mkdir /run/upper /run/work
      mount -t overlay -o lowerdir=/usr/sbin,upperdir=/run/upper,workdir=/run/work overlay /usr/sbin
      rm /usr/local/sbin/sysctl /usr/sbin/sysctl
      printf 'ID=${id}\\nVERSION_ID=${version}\\n' >/etc/os-release`;
    expect(inspectMachine(setup)).toEqual([`these programs are missing: sysctl; ${install}`]);
  });

  it("is refused for all its faults at once", () => {
    const setup = `
      printf 'ID=debian\\nVERSION_ID="11"\\nPRETTY_NAME="Debian GNU/Linux 11"\\n' >/etc/os-release
      printf '#!/bin/sh\\nprintf "Avail\\\\n 3\\\\n"\\n' >/usr/local/sbin/df
      printf '#!/bin/sh\\necho 1\\n' >/usr/local/sbin/nproc
      ip route add 10.244.0.0/20 dev rack; ip route add 10.96.7.7 dev rack; ip route add 10.0.0.0/8 dev rack
      mkdir /run/upper /run/work
      mount -t overlay -o lowerdir=/usr/lib,upperdir=/run/upper,workdir=/run/work overlay /usr/lib
      mkdir -p /usr/lib/modules/$(uname -r); printf '#!/bin/sh\\nexit 1\\n' >/usr/local/sbin/modprobe`;
    const input = {
      ADDRESS: "10.0.0.99",
      MODULES: "mixcpt_absent",
      OPERATOR_TIME: "1000",
      SUDO_PROBLEM: "sudo: a password is required",
    };
    expect(inspectMachine(setup, input)).toEqual([
      expect.stringMatching(
        /^(root|user 0) cannot become root without a password \(sudo: a password .* NOPASSWD: ALL$/,
      ),
      expect.stringMatching(/^Debian GNU\/Linux 11 is too old \(supported from: debian 12, ubuntu 22\.04, rhel 9\)/),
      expect.stringMatching(/^the kernel .* has no module mixcpt_absent; install .*linux-modules-extra/),
      expect.stringMatching(/^its clock is \d+ s from that of the operator's machine; set it and let chrony/),
      "/var/lib/containerd has 3 GiB free and needs 8 (images; pods are evicted below 5 GiB)",
      "/var/lib/etcd has 3 GiB free and needs 4 (etcd and its snapshots)",
      "has one processor; kubeadm requires 2 for a control plane",
      expect.stringMatching(/^10\.0\.0\.99 is not an address of this machine \(it has 10\.0\.0\.1 \)/),
      expect.stringMatching(/^its route 10\.244\.0\.0\/20 dev rack scope link overlaps 10\.244\.0\.0\/16/),
      expect.stringMatching(/^its route 10\.96\.7\.7 dev rack scope link overlaps 10\.96\.0\.0\/16/),
    ]);
  });

  it("is warned of: firewalls, an unsynchronized clock, another driver, a name that leads elsewhere", () => {
    const setup = `
      printf 'ID=alpine\\nPRETTY_NAME="Alpine"\\n' >/etc/os-release
      printf '#!/bin/sh\\n[ "$1 $3" = "is-active ufw" ] || exit 3\\n' >/usr/local/sbin/systemctl
      printf '#!/bin/sh\\necho no\\n' >/usr/local/sbin/timedatectl
      printf '#!/bin/sh\\nprintf "Avail\\\\n 20\\\\n"\\n' >/usr/local/sbin/df
      printf '#!/bin/sh\\necho "-P $4 DROP"\\n' >/usr/local/sbin/iptables
      mkdir /run/sys; mount --bind /run/sys /sys/module; mkdir /sys/module/amdgpu; echo 5.18.2 >/sys/module/amdgpu/version
      echo '10.9.9.9 gpu-1' >>/etc/hosts`;
    const warnings = inspectMachine(setup, { DRIVERS: "6.12.* 30.*" });
    expect(warnings).toEqual([
      expect.stringMatching(/Alpine is neither Debian, Ubuntu nor/),
      expect.stringMatching(/its clock is not synchronized/),
      expect.stringMatching(/has 20 GiB free; images for AMD GPUs need tens/),
      expect.stringMatching(/ufw is active; .*disable --now ufw/),
      expect.stringMatching(/no rule of INPUT admits/),
      expect.stringMatching(/no rule of FORWARD admits/),
      expect.stringMatching(/its driver amdgpu is 5\.18\.2, .*\(6\.12\.\*, 30\.\*\)$/),
      expect.stringMatching(/gpu-1 is another machine's name here \(10\.9\.9\.9\)/),
    ]);
    for (const warning of warnings) expect(warning).toMatch(/^warning: gpu-1 \(10\.0\.0\.1\): /);
  });

  it("is warned of a store that is missing, on its own disk, or a mount point", () => {
    const warn = (setup: string, store = "/run/lustre/mixcpt") => inspectMachine(setup, { STORE: store });
    const mountLustre = "mkdir /run/lustre; mount -t tmpfs lustre /run/lustre";
    expect(warn("")).toEqual([
      expect.stringMatching(/has no folder \/run\/lustre\/mixcpt, the store; pods wait until it is there$/),
    ]);
    expect(warn("", "/usr/share")).toEqual([
      expect.stringMatching(/\/usr\/share, the store, is on the machine's own disk; all nodes must share it$/),
    ]);
    expect(warn(mountLustre, "/run/lustre")).toEqual([
      expect.stringMatching(/is a mount point: .*on the machine's own disk; name a folder below it$/),
    ]);
    expect(warn(`${mountLustre}; mkdir /run/lustre/mixcpt`)).toEqual([]);
  });

  it("is not checked again once it is a node, so that a full disk stops no update", () => {
    const claim = renderScriptRun("claim-host.sh");
    expect(inspectMachine(`${claim}; printf '#!/bin/sh\\necho 0\\n' >/usr/local/sbin/df`)).toEqual([]);
  });
});

describe("hosts of an inventory", () => {
  const check = (identities: string) =>
    runOnMachine(`export IDENTITIES=$'${identities}'`, renderScriptRun("check-identities.sh"));

  it("are refused if two of them are one machine, or its copy", () => {
    expect(check("gpu-1 10.0.0.1 aa one\\ngpu-2 10.0.0.2 aa two\\ngpu-3 10.0.0.3 bb three")).toMatch(
      /^gpu-1 \(10\.0\.0\.1\), gpu-2 \(10\.0\.0\.2\) have the same \/etc\/machine-id, aa: .*\nexit code 1\n$/,
    );
  });

  it("may lack a machine id, and are warned of equal host names", () => {
    expect(check("gpu-1 10.0.0.1 unknown vm\\ngpu-2 10.0.0.2 unknown vm")).toMatch(
      /^warning: gpu-1 \(10\.0\.0\.1\), gpu-2 \(10\.0\.0\.2\) have the same host name, vm;.*\n$/,
    );
  });
});
