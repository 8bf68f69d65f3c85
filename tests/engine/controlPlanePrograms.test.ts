/** A control plane and the programs that it runs by itself and by hand, in namespaces as a machine. Needs root. */
import { existsSync } from "node:fs";
import { parseUpkeep } from "../../cli/cluster/upkeepRules.ts";
import { extendStub, layPrograms, makeControlPlane, runProgram } from "../support/controlPlaneMachine.ts";
import { printCalls, renderScriptRun, runOnMachine } from "../support/nodeMachine.ts";

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
  const stubEtcd = [
    `printf '#!/bin/sh\\nfor file; do :; done; echo objects >"$file.part"; sleep 0.5; mv "$file.part" "$file"\\n' >/usr/local/bin/etcdctl`,
    `printf '#!/bin/sh\\n[ -f "$3" ]\\n' >/usr/local/bin/etcdutl; chmod 755 /usr/local/bin/etcd*`,
  ];

  it("is saved while another one is", () => {
    const printed = runOnMachine(
      makeControlPlane,
      ...stubEtcd,
      "mixcpt-etcd-snapshot & sleep 0.2; mixcpt-etcd-snapshot; wait $!",
      "sleep 1; mixcpt-etcd-snapshot",
    );
    expect(printed.trim().split("\n")).toHaveLength(3);
  });

  it("removes what an interrupted one left", () => {
    const printed = runOnMachine(
      makeControlPlane,
      "mkdir /var/lib/mixcpt/etcd && touch /var/lib/mixcpt/etcd/2026-01-01T00-00-00Z.db.new.part",
      ...stubEtcd,
      "mixcpt-etcd-snapshot",
      "ls /var/lib/mixcpt/etcd",
    );
    expect(printed).toMatch(/^\/var\/lib\/mixcpt\/etcd\/(\S+)\n\1\n$/);
  });
});

describe("what doctor asks a control plane", () => {
  const answer = `cat >>/usr/local/sbin/systemctl <<'LINE'
case $3$5 in ActiveState*) echo active;; *renew*) echo exit-code;; *) echo success;; esac
LINE`;

  it("tells the age of the newest snapshot, and what systemd says about each unit", () => {
    const saved = "mkdir -p /var/lib/mixcpt/etcd; touch --date='3 days ago' /var/lib/mixcpt/etcd/a.db";
    const printed = runOnMachine(makeControlPlane, answer, saved, renderScriptRun("find-upkeep.sh"));
    const { snapshotSeconds, machineSeconds, units } = parseUpkeep(printed);
    expect(Math.round((snapshotSeconds ?? 0) / 86_400)).toBe(3);
    expect(machineSeconds).toBeLessThan(3600);
    expect(Object.fromEntries(units)).toMatchObject({
      "mixcpt-etcd-snapshot.timer": "active",
      "mixcpt-etcd-snapshot.service": "success",
      "mixcpt-renew-certificates.service": "exit-code",
    });
  });

  it("tells that there is no snapshot yet", () => {
    const printed = runOnMachine(makeControlPlane, answer, renderScriptRun("find-upkeep.sh"));
    expect(parseUpkeep(printed).snapshotSeconds).toBeUndefined();
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

  it("makes members of one etcd of all that have the same snapshot, and of no other one", () => {
    const printToken = "sed -n 's/.*--initial-cluster-token \\([^ ]*\\).*/\\1/p' /run/called; rm /run/called";
    const restoreSnapshot = (text: string) => [
      `echo '${text}' >/run/snapshot.db`,
      `{ ${run}; } >/dev/null; ${printToken}`,
    ];
    const printed = runOnMachine(
      makeControlPlane,
      "stub /usr/local/bin/etcdutl",
      manifests,
      ...["monday", "tuesday", "monday"].flatMap(restoreSnapshot),
    );
    const [monday, tuesday, again] = printed.trim().split("\n");
    expect([monday?.length, again]).toEqual([16, monday]);
    expect(tuesday).not.toBe(monday);
  });

  it("continues one that was interrupted after etcd had started, whose leader remembers what this member has", () => {
    const restored = "/var/lib/etcd/restored/member";
    const mark = "/var/lib/etcd/member/mixcpt-restoring";
    const restore = `case $* in *restore*) mkdir -p ${restored}; echo "restored $*" >>/run/restored;; esac`;
    const interrupt = `case $* in "start kubelet") cp ${mark} /run/mark; [ ! -f /run/fails ] || exit 1;; esac`;
    const prepare = [
      makeControlPlane,
      manifests,
      stubEtcdutl,
      extendStub("etcdutl", restore),
      `cat >>/usr/local/sbin/systemctl <<'LINE'\n${interrupt}\nLINE`,
    ];
    const again = [`${run}; cat /run/restored; [ -f ${mark} ] || echo unmarked`];
    const printed = runOnMachine(...prepare, "touch /run/fails", run, "rm /run/fails", ...again);
    expect(printed).toContain("continues the restore of /run/snapshot.db, which has not ended");
    expect(printed.match(/^restored /gm)).toHaveLength(1);
    expect(printed).toContain("and what was written since it began");
    expect(printed).toMatch(/^unmarked$/m);
    const dayLater = `touch --date='25 hours ago' ${mark}`;
    const late = runOnMachine(...prepare, "touch /run/fails", run, "rm /run/fails", dayLater, ...again);
    expect(late.match(/^restored /gm)).toHaveLength(2);
    const otherMembers =
      "for file in /etc/kubernetes/manifests*/etcd.yaml; do " +
      'echo "  - --initial-advertise-peer-urls=https://10.0.0.9:2380" >>$file; done';
    const corrected = runOnMachine(...prepare, "touch /run/fails", run, "rm /run/fails", otherMembers, ...again);
    expect(corrected.match(/^restored /gm)).toHaveLength(2);
  });

  it("is refused on a node that is no control plane", () => {
    expect(runOnMachine(layPrograms, stubEtcdutl, manifests, run)).toBe(
      "this machine is no control plane; run the command on one that is\nexit code 2\n",
    );
  });
});
