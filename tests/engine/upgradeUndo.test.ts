/** The way back from an upgrade on a machine, in namespaces as one. Needs root. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { nodeFiles, quoteForShell, renderScript } from "../../infra/cluster/hostScripts.ts";
import { parseUndoState } from "../../cli/cluster/upgrade/undoRules.ts";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { renderOperatorRun, runAsOperator } from "../support/sshMachines.ts";
import { ownerLine, printCalls, renderScriptRun, runOnMachine, scriptInput } from "../support/nodeMachine.ts";

const before = "/var/lib/mixcpt/before-upgrade";
const undoProgram = readFileSync(resolve(nodeFiles, "every-node/usr/local/sbin/mixcpt-undo-upgrade"), "utf8");
const own = `mkdir -p /etc/mixcpt /var/lib/mixcpt; echo '${ownerLine}' >/etc/mixcpt/owner`;
const makeControlPlane = `
  ${own}
  cp ${resolve(checkoutDirectory, "infra/cluster/files/control-plane/usr/local/sbin")}/mixcpt-* /usr/local/sbin
  chmod 755 /usr/local/sbin/mixcpt-*
  stub /usr/local/sbin/mixcpt-etcd-restore
  mkdir /etc/kubernetes/manifests; touch /etc/kubernetes/initialised
  echo 'image: kube-apiserver:v1.36.3' >/etc/kubernetes/manifests/kube-apiserver.yaml
`;
const keepSnapshot = `mkdir ${before}; echo v1.37.2 >${before}/target; echo objects >${before}/etcd.db`;
const upgradeControlPlane = `
  mkdir -p ${before}/manifests/etc/kubernetes; cp -a /etc/kubernetes/manifests ${before}/manifests/etc/kubernetes
  echo 'image: kube-apiserver:v1.37.2' >/etc/kubernetes/manifests/kube-apiserver.yaml
`;
const find = renderScriptRun("find-undo.sh");

const { HOST, LOGIN, OWNER } = scriptInput;
const undoScript = renderScript("undo-upgrade.sh", { HOST, LOGIN, OWNER, UNDO: undoProgram });

function undo(): string {
  return `bash -c ${quoteForShell(undoScript)} 2>&1 </dev/null || echo "exit code $?"`;
}

describe("a control plane", () => {
  it("gets its static pods and the snapshot back after it was upgraded", () => {
    const printed = runOnMachine(
      makeControlPlane,
      keepSnapshot,
      upgradeControlPlane,
      undo(),
      "cat /etc/kubernetes/manifests-stopped/*",
      printCalls,
      `ls ${before}`,
    );
    expect(printed).toMatch(/^image: kube-apiserver:v1\.36\.3$/m);
    expect(printed).toContain(`mixcpt-etcd-restore ${before}/etcd.db\n`);
    expect(printed).toMatch(/^undone$/m);
  });

  it("gets the snapshot, too, if half an upgrade had not reached it, because etcd is one for all", () => {
    const printed = runOnMachine(
      makeControlPlane,
      keepSnapshot,
      undo(),
      "cat /etc/kubernetes/manifests-stopped/*",
      printCalls,
    );
    expect(printed).toContain("image: kube-apiserver:v1.36.3\n");
    expect(printed).toContain(`mixcpt-etcd-restore ${before}/etcd.db\n`);
  });

  it("is brought back once, also if the command is interrupted and run again before it has ended", () => {
    const printed = runOnMachine(makeControlPlane, keepSnapshot, upgradeControlPlane, undo(), undo(), printCalls);
    expect(printed).not.toContain("exit code");
    expect(printed.match(/^mixcpt-etcd-restore/gm)).toHaveLength(1);
  });

  it("keeps its way back if the restore fails, so that the same command continues", () => {
    const fail = "echo 'echo no space left; exit 1' >>/usr/local/sbin/mixcpt-etcd-restore";
    const printed = runOnMachine(makeControlPlane, keepSnapshot, upgradeControlPlane, fail, undo(), find);
    expect(printed).toMatch(/gpu-1 \(10\.0\.0\.1\): the way back has not ended; run the command again: no space left/);
    expect(printed).toContain("exit code 1\njoined\ntarget v1.37.2\n");
  });
});

describe("a worker", () => {
  it("gets its programs back over SSH, through a bastion", () => {
    const root = "/run/machines/node/root";
    const findScript = renderScript("find-undo.sh", { HOST, LOGIN, OWNER });
    const printed = runAsOperator([
      `mkdir -p ${root}/root/.ssh; cp /run/key.pub ${root}/root/.ssh/authorized_keys; export REMOTE_USER=root`,
      `mkdir -p ${root}/etc/mixcpt ${root}${before}/programs/usr/local/bin; echo '${ownerLine}' >${root}/etc/mixcpt/owner`,
      `echo v1.37.2 >${root}${before}/target; echo 'kubelet 1' >${root}${before}/programs/usr/local/bin/kubelet`,
      `echo 'kubelet 2' >${root}/usr/local/bin/kubelet`,
      `printf '#!/bin/sh\\necho "systemctl $*" >>/called\\n' >${root}/usr/local/sbin/systemctl`,
      `chmod 755 ${root}/usr/local/sbin/systemctl`,
      renderOperatorRun("run-on-host.sh", findScript),
      renderOperatorRun("run-on-host.sh", undoScript),
      renderOperatorRun("run-on-host.sh", findScript),
      `cat ${root}/usr/local/bin/kubelet ${root}/called`,
    ]);
    expect(printed).toBe(
      "target v1.37.2\nkept programs\nundone v1.37.2\nkept programs\nkubelet 1\n" +
        "systemctl daemon-reload\nsystemctl restart containerd\nsystemctl restart kubelet kube-proxy\n",
    );
  });
});

describe("a machine that joined after the snapshot", () => {
  it("registers again by a restart of its kubelet alone, unless it belongs to another stack", () => {
    expect(runOnMachine(own, renderScriptRun("restart-kubelet.sh"), printCalls)).toBe("systemctl restart kubelet\n");
    const other = "mixcpt-infra/lab 1111111111111111 bob@desk:/home/bob";
    const printed = runOnMachine(own, renderScriptRun("restart-kubelet.sh", { OWNER: other }), printCalls);
    expect(printed).toMatch(/belongs to the cluster mixcpt-infra\/rack[^]*exit code 1\n$/);
  });
});

describe("what a machine has from before an upgrade", () => {
  const host = { name: "gpu-1", isControlPlane: true };

  it("is told with the time of the snapshot, and whether the upgrade has changed the machine", () => {
    const time = `touch --date=2026-11-30T01:02:03Z ${before}/etcd.db`;
    const kept = runOnMachine(makeControlPlane, keepSnapshot, time, find);
    expect(parseUndoState(kept, host)).toEqual({
      ...host,
      hasJoined: true,
      target: "v1.37.2",
      undone: undefined,
      isChanged: false,
      snapshot: "2026-11-30T01:02:03Z",
      digest: "55f9bfc52afd765e",
    });
    const changed = runOnMachine(makeControlPlane, keepSnapshot, upgradeControlPlane, find);
    expect(parseUndoState(changed, host).isChanged).toBe(true);
    const undone = runOnMachine(makeControlPlane, keepSnapshot, upgradeControlPlane, `${undo()} >&2`, find);
    expect(parseUndoState(undone, host)).toMatchObject({ target: undefined, undone: "v1.37.2" });
  });

  it("is nothing on a machine that no upgrade has reached, and another stack's machine is not asked", () => {
    expect(runOnMachine(own, find)).toBe("");
    const other = renderScriptRun("find-undo.sh", { OWNER: "mixcpt-infra/lab 1111111111111111 bob@desk:/home/bob" });
    expect(runOnMachine(own, other)).toMatch(/belongs to the cluster mixcpt-infra\/rack[^]*exit code 1/);
  });
});
