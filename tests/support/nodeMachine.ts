/**
 * A machine on which the scripts of `infra/cluster/scripts` run: separate mount and network namespaces, in which /etc,
 * /opt, /usr/local, /var/lib and /run are empty. Files and routes are real; stubs that record their calls replace
 * systemd, kubeadm and the programs that change the kernel. Needs root.
 */
import { execFileSync } from "node:child_process";
import { quoteForShell, renderScript } from "../../infra/cluster/hostScripts.ts";

const machineSetup = `
  for directory in /etc /opt /usr/local /var/lib /run; do mount -t tmpfs machine $directory; done
  mkdir -p /usr/local/bin /usr/local/sbin /etc/kubernetes /run/systemd/system
  stub() { printf '#!/bin/sh\\necho "%s $*" >>/run/called\\n' "$(basename "$1")" >"$1"; chmod 755 "$1"; }
  printf 'ID=debian\\nVERSION_ID="12"\\nPRETTY_NAME="Debian GNU/Linux 12"\\n' >/etc/os-release
  echo '127.0.0.1 localhost' >/etc/hosts
  for name in systemctl modprobe sysctl; do stub /usr/local/sbin/$name; done
  for name in kubeadm kubectl kube-proxy ctr; do stub /usr/local/bin/$name; done
  echo '[ "$1" != init ] || echo "kind: Config" >/etc/kubernetes/admin.conf' >>/usr/local/bin/kubeadm
  ip link add rack type veth peer name other && ip address add 10.0.0.1/24 dev rack
  ip link set rack up && ip link set other up
`;

/** Prints what the stubs were called with since the last time. */
export const printCalls = "cat /run/called 2>/dev/null || true; rm -f /run/called";

/** Prints every file, link and directory of the machine with its mode and its content's checksum. */
export const printFiles = `
  find /etc /opt /usr/local /var/lib -printf '%M %p %l\\n' | sort
  find /etc /opt /usr/local /var/lib -type f -exec cksum {} + | sort
`;

export const ownerLine = "mixcpt-infra/rack 0123456789abcdef ana@desk:/home/ana/mixcpt";
export const otherOwnerLine = "mixcpt-infra/lab fedcba9876543210 bob@desk:/home/bob/mixcpt";

/** The variables that every script gets, and values for those of single scripts. */
export const scriptInput = {
  HOST: "gpu-1 (10.0.0.1)",
  LOGIN: "ssh root@10.0.0.1",
  OWNER: ownerLine,
  NODE_NAME: "gpu-1",
  POD_RANGE: "10.244.1.0/24",
  POD_NETWORK: "routes 10.244.0.0/16 10.96.0.0/16",
  ADDRESS: "10.0.0.1",
  MACHINE_ID: "0123abcd",
  JOIN: "kubeadm join 10.0.0.1:6443 --token t --discovery-token-ca-cert-hash h",
  KUBEADM_CONFIG: "config",
  AUDIT_POLICY: "policy",
  PROBES: '{"livenessProbe":{"failureThreshold":10}}',
  TOLERATED: "",
  TIMEOUTS: "{}",
  ROUTES: "10.244.1.0/24 via 10.0.0.1\n10.244.2.0/24 via 10.0.0.2",
  LABELS: "{}",
  TAINTS: "",
  DEVICES: "2",
  DEVICE_ID: "7408",
  HOST_KIND: "local",
  PORTS: "6443 10250",
  MODULES: "",
  DRIVERS: "",
  STORE: "",
  OPERATOR_TIME: "0",
  SUDO_PROBLEM: "",
  RELEASE: "echo release",
  TARGET: "v1.37.2",
  SECONDS_TO_DRAIN: "600",
  UNREACHABLE: "no",
};

/** A command of the machine that runs a script as it runs on a host, and prints its exit code unless it is 0. */
export function renderScriptRun(name: string, input: Partial<typeof scriptInput> & { ADOPT?: string } = {}): string {
  const script = renderScript(name, { ...scriptInput, ...input });
  return `bash -c ${quoteForShell(script)} 2>&1 </dev/null || echo "exit code $?"`;
}

/** The output of commands that run one after the other on one machine. */
export function runOnMachine(...commands: string[]): string {
  const env = { PATH: "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin" };
  return execFileSync("unshare", ["--mount", "--net", "bash", "-e"], {
    input: [machineSetup, ...commands].join("\n"),
    env,
    encoding: "utf8",
  });
}
