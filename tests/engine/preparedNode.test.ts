/** What prepare-node.sh changes on a machine, in namespaces as a machine (`tests/support/nodeMachine.ts`). Needs root. */
import { printCalls, renderScriptRun, runOnMachine } from "../support/nodeMachine.ts";

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
