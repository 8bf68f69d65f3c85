/** What a machine keeps that becomes another control plane, in namespaces as a machine. Needs root. */
import { renderScriptRun, runOnMachine } from "../support/nodeMachine.ts";

describe("another control plane", () => {
  const keys = `mkdir -p /run/first/pki /run/first/apiserver; touch /run/first/pki/ca.key /run/first/apiserver/encryption.yaml
    tar -c -C /run/first -f /run/keys.tar . && rm -r /run/first
    mkdir -p /var/lib/mixcpt/cluster-keys/pki; touch /var/lib/mixcpt/cluster-keys/pki/ca.key # of an earlier version`;
  const run = renderScriptRun("join-control-plane.sh").replace("2>&1 </dev/null ||", "2>&1 </run/keys.tar ||");
  const printKeys = "find /etc /var/lib /run -name ca.key -o -name encryption.yaml | sort";

  it("keeps the keys of the cluster only where kubeadm needs them", () => {
    const printed = runOnMachine(keys, run, "rm -f /run/called", run, printKeys, "ls -d /run/mixcpt-keys* || true");
    expect(printed).toBe("/etc/kubernetes/apiserver/encryption.yaml\n/etc/kubernetes/pki/ca.key\n");
  });

  it("has none of them left if it did not join, and gets them again with the next attempt", () => {
    const failJoin = `echo '[ "$1" != join ]' >>/usr/local/bin/kubeadm`;
    const printed = runOnMachine(keys, failJoin, run, printKeys, "sed -i '$d' /usr/local/bin/kubeadm", run, printKeys);
    expect(printed).toMatch(
      /^gpu-1 did not join\..*\nexit code 1\n\/etc\/kubernetes\/apiserver\/encryption.yaml\n\/etc\/kubernetes\/pki\/ca.key\n$/,
    );
  });
});
