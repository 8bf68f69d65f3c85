/** The scripts of a node in a cluster with Cilium, in namespaces as a machine. Needs root. */
import { quoteForShell, renderScript } from "../../infra/cluster/hostScripts.ts";
import { printCalls, renderScriptRun, runOnMachine, scriptInput } from "../support/nodeMachine.ts";

/**
 * Gives the machine a firewall that consists of these lines, in /run/rules. Its last line is read a moment after the
 * others, as where there are many: a reader that has found what it looks for may be gone by then.
 */
function replaceIptables(...rules: string[]): string {
  const programs = "/usr/local/sbin/iptables";
  return `
    printf '%s\\n' ${rules.map((rule) => `'${rule}'`).join(" ")} >/run/rules
    printf '#!/bin/sh\\n' | tee ${programs} ${programs}-save >${programs}-restore
    echo 'cat /run/rules; sleep 0.3; echo COMMIT' >>${programs}-save
    echo 'cat >/run/new; mv /run/new /run/rules' >>${programs}-restore
    chmod 755 ${programs}*`;
}

describe("a node of a cluster with Cilium", () => {
  const cilium = { POD_NETWORK: "cilium 10.244.0.0/16 10.96.0.0/16", POD_RANGE: "10.244.0.0/16" };

  it("has neither the bridge nor routes", () => {
    const printed = runOnMachine(renderScriptRun("prepare-node.sh", cilium), "ls /etc/cni 2>&1 || true", printCalls);
    expect(printed).toContain("cannot access '/etc/cni'");
    expect(printed).not.toContain("mixcpt-network");
  });

  it("keeps its network: another one is refused before anything is changed, with the line to write", () => {
    const refusal =
      "its cluster has podNetwork: { kind: routes, pods: 10.244.0.0/16, services: 10.96.0.0/16 } and cannot " +
      "change to podNetwork: { kind: cilium, pods: 10.244.0.0/16, services: 10.96.0.0/16 }; write the former " +
      "into the cluster's file, or remove the cluster with ./mixcpt cluster destroy first";
    for (const recorded of ["", "rm /etc/mixcpt/pod-network"]) {
      const printed = runOnMachine(
        renderScriptRun("claim-host.sh"),
        renderScriptRun("prepare-node.sh"),
        `touch /etc/kubernetes/joined; ${recorded}`,
        renderScriptRun("inspect-host.sh", cilium),
        renderScriptRun("prepare-node.sh", cilium),
      );
      expect(printed).toContain(`gpu-1 (10.0.0.1) cannot become a node:\n`);
      expect(printed.split(refusal)).toHaveLength(3);
      expect(printed).not.toContain("remove it from the inventory");
    }
  });

  it("is waited for once the manifests are applied, and otherwise it is said what its containers wait for", () => {
    const script = quoteForShell(renderScript("install-pod-network.sh", scriptInput));
    const install = `
      cd /run; echo '{}' >cilium.json
      tar -cz cilium.json | bash -c ${script} 2>&1 || echo "exit code $?"`;
    const waiting = '{"waiting":{"reason":"ErrImagePull"}}';
    const fail = `cat >>/usr/local/bin/kubectl <<'STUB'
case "$*" in *rollout*) exit 1 ;; *get*) echo '${waiting}' ;; esac
STUB`;
    const printed = runOnMachine(renderScriptRun("claim-host.sh"), install, printCalls, fail, install);
    expect(printed).toMatch(/kubectl apply --server-side .*cilium\.json\nkubectl .*rollout status daemonset\/cilium/);
    expect(printed).toMatch(/does not run on every node.*\n"waiting":\{"reason":"ErrImagePull"\}\n.*\nexit code 1\n$/);
  });

  it("loses what Cilium left when it leaves, and nothing else", () => {
    const printed = runOnMachine(
      renderScriptRun("claim-host.sh"),
      renderScriptRun("prepare-node.sh", cilium),
      "ip link add cilium_host type veth peer name cilium_net",
      "ip link add cilium_vxlan type vxlan id 7 dstport 8472",
      "ip link add lxc12345 type veth peer name pod",
      "mkdir -p /run/cilium /etc/cni/net.d /opt/cni/bin; echo site >/opt/cni/bin/other",
      "touch /etc/cni/net.d/05-cilium.conflist /opt/cni/bin/cilium-cni",
      replaceIptables(
        "-A POSTROUTING -s 192.168.7.0/24 -j MASQUERADE",
        ":CILIUM_POST_nat -",
        "-A POSTROUTING -j CILIUM_POST_nat",
      ),
      renderScriptRun("reset-node.sh"),
      "ls /sys/class/net /opt/cni/bin /run; cat /run/rules",
    );
    expect(printed).not.toMatch(/cilium|lxc/i);
    expect(printed).toMatch(/^other$/m);
    expect(printed).toMatch(/^-A POSTROUTING -s 192\.168\.7\.0\/24 -j MASQUERADE\nCOMMIT$/m);
  });
});
