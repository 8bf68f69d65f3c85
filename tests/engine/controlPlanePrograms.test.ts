/** A control plane and the programs that it runs by itself and by hand, in namespaces as a machine. Needs root. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { printCalls, renderScriptRun, runOnMachine } from "../support/nodeMachine.ts";

const layPrograms = `
  cp ${resolve(checkoutDirectory, "infra/cluster/files")}/*/usr/local/sbin/mixcpt-* /usr/local/sbin
  chmod 755 /usr/local/sbin/mixcpt-*
  mkdir -p /var/lib/mixcpt
`;
const makeControlPlane = `${layPrograms} touch /etc/kubernetes/initialised`;

/** Appends a line to a stub. */
function extendStub(program: string, line: string): string {
  return `cat >>/usr/local/bin/${program} <<'LINE'\n${line}\nLINE`;
}

function runProgram(command: string): string {
  return `${command} 2>&1 || echo "exit code $?"`;
}

const hasCgroup2 = existsSync("/sys/fs/cgroup/cgroup.controllers");

describe("a new control plane", () => {
  it("prints its kubeconfig as soon as kubeadm has succeeded, and again when it is repeated", () => {
    const run = renderScriptRun("init-control-plane.sh");
    expect(runOnMachine(run, run, "cat /run/called")).toBe(
      "kind: Config\nkind: Config\nkubeadm init --config /etc/kubernetes/kubeadm.yaml " +
        `--ignore-preflight-errors=${hasCgroup2 ? "" : "SystemVerification"} --skip-token-print\n` +
        "systemctl enable --quiet --now mixcpt-etcd-snapshot.timer mixcpt-renew-certificates.timer\n".repeat(2),
    );
  });
});

describe("the renewal of certificates", () => {
  const certificates = [
    "echo 86400 apiserver >/run/remaining",
    extendStub("kubeadm", '[ "$2" = renew ] && echo 31536000 apiserver >/run/remaining || cat /run/remaining'),
  ];

  it("restarts the programs the next time if it failed to do so after it had renewed them", () => {
    const printed = runOnMachine(
      makeControlPlane,
      ...certificates,
      runProgram("mixcpt-renew-certificates"), // without manifests nothing can start again
      "rm /run/called; mkdir /etc/kubernetes/manifests; touch /etc/kubernetes/manifests/etcd.yaml",
      "echo '    - --advertise-address=10.0.0.1' >/etc/kubernetes/manifests/kube-apiserver.yaml",
      runProgram("mixcpt-renew-certificates"),
      printCalls,
      "echo and later",
      runProgram("mixcpt-renew-certificates"),
      printCalls,
    );
    const [next = "", later = ""] = printed.split("exit code 1\n")[1]?.split("and later\n") ?? [];
    expect(next).toContain(
      "kubectl --kubeconfig /etc/kubernetes/admin.conf --server https://10.0.0.1:6443 get --raw /readyz",
    );
    expect(next).not.toContain("renew all");
    expect(next).toMatch(/systemctl stop kubelet[^]*systemctl start kubelet/);
    expect(later).toContain("kubeadm certs check-expiration");
    expect(later).not.toMatch(/^ctr|^kubectl|renew all/m);
  });
});

describe("the programs that stop and restart static pods", () => {
  const tasks = "TASK    PID     STATUS    \nab12    2513    RUNNING\ncd34    17      STOPPED";
  const callFunction = (call: string): string =>
    runProgram(`bash -c 'set -euo pipefail; source /usr/local/sbin/mixcpt-static-pods; ${call}'`);
  const listContainers = callFunction("list_static_containers etcd");
  const answer = `case $* in *tasks*) echo "${tasks}";; *) printf 'cd34\nab12\n';; esac`;

  it("end the containers themselves, because a kubelet without an API server does not", () => {
    const end = callFunction("signal_static_containers SIGTERM");
    const printed = runOnMachine(makeControlPlane, extendStub("ctr", answer), end, printCalls);
    expect(printed).toContain("ctr --namespace k8s.io tasks kill --signal SIGTERM ab12\n");
    expect(printed).not.toContain("SIGTERM cd34");
  });

  it("leave the containers of other pods alone, and change nothing if containerd does not answer", () => {
    const printed = runOnMachine(makeControlPlane, listContainers, printCalls);
    expect(printed).toContain(
      '"io.kubernetes.pod.namespace"==kube-system,labels."io.kubernetes.pod.uid"~="^[0-9a-f]+$"',
    );
    const stop = callFunction("stop_static_pods");
    const manifests = "mkdir /etc/kubernetes/manifests; touch /etc/kubernetes/manifests/etcd.yaml";
    const stopped = runOnMachine(makeControlPlane, manifests, extendStub("ctr", "exit 1"), stop, printCalls);
    expect(stopped).toContain("containerd does not answer; nothing has been stopped\nexit code 1\n");
    expect(stopped).not.toContain("systemctl stop");
  });

  it("see the running containers, and never take an error of containerd for none", () => {
    const printed = runOnMachine(
      makeControlPlane,
      extendStub("ctr", answer),
      listContainers,
      extendStub("ctr", "exit 1"),
      listContainers,
    );
    expect(printed).toBe("ab12\nexit code 1\n");
  });
});

describe("a snapshot of etcd", () => {
  it("removes what an interrupted one left", () => {
    const printed = runOnMachine(
      makeControlPlane,
      "mkdir /var/lib/mixcpt/etcd && touch /var/lib/mixcpt/etcd/2026-01-01T00-00-00Z.db.new.part",
      `printf '#!/bin/sh\\nfor file; do :; done; echo objects >"$file"\\n' >/usr/local/bin/etcdctl`,
      "printf '#!/bin/sh\\n' >/usr/local/bin/etcdutl; chmod 755 /usr/local/bin/etcd*",
      "mixcpt-etcd-snapshot",
      "ls /var/lib/mixcpt/etcd",
    );
    expect(printed).toMatch(/^\/var\/lib\/mixcpt\/etcd\/(\S+)\n\1\n$/);
  });
});

describe("the restore of a snapshot", () => {
  const stubEtcdutl = "printf '#!/bin/sh\\n' >/usr/local/bin/etcdutl; chmod 755 /usr/local/bin/etcdutl";
  const manifests = "mkdir /etc/kubernetes/manifests; touch /etc/kubernetes/manifests/etcd.yaml /run/snapshot.db";
  const run = runProgram("mixcpt-etcd-restore /run/snapshot.db");

  it("says how to go on if it fails while the control plane is stopped", () => {
    const printed = runOnMachine(makeControlPlane, stubEtcdutl, manifests, run);
    expect(printed).toContain("run mixcpt-etcd-restore /run/snapshot.db again");
    expect(printed).toContain("exit code 1");
  });

  it("is refused on a node that is no control plane", () => {
    expect(runOnMachine(layPrograms, stubEtcdutl, manifests, run)).toBe(
      "this machine is no control plane; run the command on one that is\nexit code 2\n",
    );
  });
});
