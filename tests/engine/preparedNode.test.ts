/** What prepare-node.sh changes on a machine, in namespaces as a machine (`tests/support/nodeMachine.ts`). Needs root. */
import { ownerLine, printCalls, renderScriptRun, runOnMachine } from "../support/nodeMachine.ts";

describe("a node that is prepared again while pods are running", () => {
  it("restarts the service that sets the routes and nothing that pods depend on", () => {
    const restarted = runOnMachine(renderScriptRun("prepare-node.sh"), renderScriptRun("prepare-node.sh"), printCalls)
      .split("\n")
      .filter((line) => /restart|stop|kubeadm/.test(line));
    expect(restarted).toEqual(["systemctl restart mixcpt-network", "systemctl restart mixcpt-network"]);
  });

  it("refuses another name or another range of pod addresses", () => {
    for (const changed of [{ NODE_NAME: "gpu-2" }, { POD_RANGE: "10.244.2.0/24" }]) {
      const { NODE_NAME, POD_RANGE } = { NODE_NAME: "gpu-1", POD_RANGE: "10.244.1.0/24", ...changed };
      const printed = runOnMachine(
        renderScriptRun("prepare-node.sh"),
        renderScriptRun("prepare-node.sh", changed),
        "grep -o '10.244.[0-9]*.0/24' /etc/cni/net.d/*",
      );
      expect(printed).toBe(
        `this machine is gpu-1 with pods in 10.244.1.0/24 and cannot become ${NODE_NAME} with pods in ${POD_RANGE}; ` +
          "remove it from the inventory, run ./mixcpt cluster up, then add it again\nexit code 1\n10.244.1.0/24\n",
      );
    }
  });
});

describe("the kubelet of a machine with a store", () => {
  const printOrder = "cat /etc/systemd/system/kubelet.service.d/* 2>/dev/null || echo none";

  it("starts after the store's mount, wherever above the folder it is, and does not require it", () => {
    expect(runOnMachine(renderScriptRun("prepare-node.sh", { STORE: "/mnt/lustre-1/mixcpt" }), printOrder)).toMatch(
      /^\[Unit\]\nAfter=mnt-lustre\\x2d1-mixcpt.mount\nAfter=mnt-lustre\\x2d1.mount\nAfter=mnt.mount\n$/,
    );
  });

  it("waits for no mount once a storage class provides the store, or the machine has left", () => {
    const prepare = renderScriptRun("prepare-node.sh", { STORE: "/mnt/lustre" });
    expect(runOnMachine(prepare, renderScriptRun("prepare-node.sh"), printOrder)).toBe("none\n");
    const recordOwner = `mkdir -p /etc/mixcpt && echo '${ownerLine}' >/etc/mixcpt/owner`;
    const printed = runOnMachine(prepare, recordOwner, renderScriptRun("reset-node.sh"), printOrder);
    expect(printed).toBe("none\n");
  });
});

describe("the OOM scores of pods on a machine", () => {
  const dropCapability = "setpriv --bounding-set=-sys_resource --inh-caps=-sys_resource";
  const printSettings = "cat /etc/containerd/conf.d/mixcpt.toml 2>/dev/null || echo none";
  const prepare = renderScriptRun("prepare-node.sh");
  const inherited = /^version = 3\n.*\n {2}restrict_oom_score_adj = true\n$/;

  it("are those that they inherit where root cannot lower them, so that pods start at all", () => {
    expect(runOnMachine(`${dropCapability} ${prepare}`, printSettings)).toMatch(inherited);
  });

  it("are those that the kubelet gives them elsewhere", () => {
    const canLower = "(echo -999 >/proc/$BASHPID/oom_score_adj) 2>/dev/null && echo yes || echo no";
    const [last = "", ...settings] = runOnMachine(`${dropCapability} ${prepare}`, prepare, printSettings, canLower)
      .trimEnd()
      .split("\n")
      .reverse();
    expect(settings).toHaveLength(last === "yes" ? 1 : 3);
  });
});

describe("a containerd that cannot serve the kubelet", () => {
  /** As ctr of containerd 2 prints it, where the kernel gives root no further instance of inotify. */
  const failing = (condition: string) => `
    stub /usr/local/bin/ctr
    cat >>/usr/local/bin/ctr <<'CTR'
    ${condition} || exit 0
    echo 'Type:         io.containerd.grpc.v1'
    echo 'Error:       '
    echo '              Message:     failed to create CRI service: failed to create fsnotify watcher: too many open files'
CTR`;

  it("is explained before kubeadm runs, with the setting of the machine that helps", () => {
    const printed = runOnMachine(failing("true"), renderScriptRun("prepare-node.sh"));
    expect(printed).toMatch(/^gpu-1 \(10\.0\.0\.1\): containerd cannot serve the kubelet: .*too many open files\n/);
    expect(printed).toMatch(/sysctl -w fs\.inotify\.max_user_instances=\d+, then the command again\nexit code 1\n$/);
  });

  it("is started again first, because the cause may be gone", () => {
    const setup = failing("! grep -q 'restart containerd' /run/called");
    const printed = runOnMachine(setup, renderScriptRun("prepare-node.sh"), printCalls);
    expect(printed).not.toContain("exit code");
    expect(printed.match(/systemctl restart containerd/g)).toHaveLength(1);
    expect(runOnMachine(renderScriptRun("prepare-node.sh"), printCalls)).not.toContain("restart containerd");
  });
});
