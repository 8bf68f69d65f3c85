/** The scripts on machines that belong to somebody else, in namespaces as a machine. Needs root. */
import { hostname } from "node:os";
import {
  otherOwnerLine,
  ownerLine,
  printCalls,
  printFiles,
  renderScriptRun,
  runOnMachine,
} from "../support/nodeMachine.ts";

/** Every script that changes a host. */
const changingScripts = [
  "claim-host.sh",
  "lay-files.sh",
  "check-laid-files.sh",
  "prepare-node.sh",
  "import-images.sh",
  "check-images.sh",
  "init-control-plane.sh",
  "admit-node.sh",
  "join-node.sh",
  "emulate-gpus.sh",
  "set-node-labels.sh",
  "publish-routes.sh",
  "set-routes.sh",
];

const divider = "\n---\n";

/** Runs a script on a machine and returns what it printed and whether it changed a file or called a program. */
function observeRun(setup: string, script: string, input: Parameters<typeof renderScriptRun>[1] = {}) {
  const [before, printed, after, calls] = runOnMachine(
    setup,
    printFiles,
    `printf '${divider.replaceAll("\n", "\\n")}'`,
    renderScriptRun(script, input),
    `printf '${divider.replaceAll("\n", "\\n")}'`,
    printFiles,
    `printf '${divider.replaceAll("\n", "\\n")}'`,
    printCalls,
  ).split(divider);
  return { printed, unchanged: before === after && calls === "" };
}

const foreignKubernetes = {
  "kubelet.conf": "echo '    server: https://192.168.0.9:6443' >/etc/kubernetes/kubelet.conf",
  "admin.conf": "touch /etc/kubernetes/admin.conf",
  "manifests/etcd.yaml": "mkdir /etc/kubernetes/manifests && touch /etc/kubernetes/manifests/etcd.yaml",
};

describe("a machine of another Kubernetes", () => {
  describe.each(Object.entries(foreignKubernetes))("that has %s", (file, setup) => {
    it.each(changingScripts)("is refused by %s, which changes nothing", (script) => {
      const { printed, unchanged } = observeRun(setup, script);
      expect(printed).toContain("gpu-1 (10.0.0.1): belongs to another Kubernetes cluster");
      expect(printed).toContain(`/etc/kubernetes/${file}`);
      expect(printed).toContain("exit code 1");
      expect(unchanged).toBe(true);
    });
  });

  it("is reported with the address of its API server", () => {
    expect(observeRun(foreignKubernetes["kubelet.conf"], "inspect-host.sh").printed).toContain(
      "belongs to another Kubernetes cluster, https://192.168.0.9:6443 (/etc/kubernetes/kubelet.conf)",
    );
  });

  it("is refused even by scripts that run without an owner", () => {
    const { printed, unchanged } = observeRun(foreignKubernetes["kubelet.conf"], "join-node.sh", { OWNER: "" });
    expect(printed).toContain("belongs to another Kubernetes cluster");
    expect(unchanged).toBe(true);
  });
});

const otherOwner = `mkdir /etc/mixcpt; echo '${otherOwnerLine}' >/etc/mixcpt/owner
  touch /etc/kubernetes/joined /etc/kubernetes/mixcpt-node`;

describe("a machine of another Pulumi state", () => {
  it.each([...changingScripts, "inspect-host.sh"])("is refused by %s, with its owner and a way out", (script) => {
    const { printed, unchanged } = observeRun(otherOwner, script);
    expect(printed).toContain(
      "belongs to the cluster mixcpt-infra/lab of bob@desk:/home/bob/mixcpt (id fedcba9876543210)",
    );
    expect(printed).toContain("ssh root@10.0.0.1 bash /var/lib/mixcpt/release");
    expect(printed).toContain("exit code 1");
    expect(unchanged).toBe(true);
  });

  it("is left unchanged by a destroy, which succeeds", () => {
    const { printed, unchanged } = observeRun(otherOwner, "reset-node.sh");
    expect(printed).not.toContain("exit code");
    expect(printed).toContain("is left unchanged");
    expect(unchanged).toBe(true);
  });

  it("is neither drained nor deleted", () => {
    const setup = `${otherOwner}; touch /etc/kubernetes/initialised`;
    expect(observeRun(setup, "drain-node.sh")).toEqual({ printed: "", unchanged: true });
    expect(observeRun(setup, "delete-node.sh")).toEqual({ printed: "", unchanged: true });
  });
});

const nodeWithoutOwner =
  "echo 'gpu-1 with pods in 10.244.1.0/24' >/etc/kubernetes/mixcpt-node; touch /etc/kubernetes/{joined,kubelet.conf}";

describe("a node of a cluster that was made before machines recorded their owner", () => {
  it("is adopted by the Pulumi state that already has it, and not joined again", () => {
    const printed = runOnMachine(
      nodeWithoutOwner,
      "mkdir -p /tmp/empty; cd /tmp/empty",
      renderScriptRun("inspect-host.sh").replace("exit code", "inspection"),
      renderScriptRun("claim-host.sh"),
      `tar -cz --files-from=/dev/null | ${renderScriptRun("lay-files.sh", { ADOPT: "yes" }).replace("</dev/null", "")}`,
      "cat /etc/mixcpt/owner",
      renderScriptRun("join-node.sh"),
      printCalls,
    );
    expect(printed).toContain(ownerLine);
    expect(printed).not.toMatch(/exit code|kubeadm/);
  });

  it.each(changingScripts.filter((name) => name !== "claim-host.sh"))("is refused by %s of another state", (script) => {
    const { printed, unchanged } = observeRun(nodeWithoutOwner, script);
    expect(printed).toContain("is already the node gpu-1 with pods in 10.244.1.0/24 of a cluster that another Pulumi");
    expect(unchanged).toBe(true);
  });

  it("is left unchanged by the claim and the destroy of another state", () => {
    expect(observeRun(nodeWithoutOwner, "claim-host.sh")).toEqual({ printed: "", unchanged: true });
    expect(observeRun(nodeWithoutOwner, "reset-node.sh").unchanged).toBe(true);
  });
});

describe("a claim", () => {
  it("records the owner once", () => {
    const claim = renderScriptRun("claim-host.sh");
    expect(runOnMachine(claim, claim, "cat /etc/mixcpt/owner /var/lib/mixcpt/release")).toBe(
      `${ownerLine}\necho release\n`,
    );
  });

  it("is released by the script that it leaves on the machine", () => {
    const printed = runOnMachine(
      renderScriptRun("claim-host.sh", { RELEASE: renderScriptRun("reset-node.sh") }),
      renderScriptRun("prepare-node.sh"),
      "bash /var/lib/mixcpt/release",
      "ls -A /etc /var/lib",
    );
    expect(printed).toBe("/etc:\nhosts\nos-release\n\n/var/lib:\n");
  });
});

describe("an inspection", () => {
  const programs = "for name in conntrack runc iptables; do stub /usr/local/sbin/$name; done";

  it("accepts an empty machine, changes nothing and tells which it is", () => {
    expect(observeRun(`${programs}; echo 0123abcd >/etc/machine-id`, "inspect-host.sh")).toEqual({
      printed: `0123abcd ${hostname()}\n`,
      unchanged: true,
    });
  });

  it("reports everything at once", () => {
    const { printed = "", unchanged } = observeRun(
      `rmdir /run/systemd/system; mkdir -p /run/containerd/io.containerd.runtime.v2.task/moby/{a,b} /etc/cni/net.d
       touch /etc/cni/net.d/{10-calico.conflist,87-podman.conflist}
       ip link set lo up; python3 -c 'import socket, time
s = socket.create_server(("", 10250)); time.sleep(3600)' </dev/null >/dev/null 2>&1 &
       trap "kill $!" EXIT; until grep -q :280A /proc/net/tcp; do kill -0 $!; sleep 0.1; done`,
      "inspect-host.sh",
    );
    expect(printed.trim().split("\n")).toEqual([
      "gpu-1 (10.0.0.1) cannot become a node:",
      "  systemd is not running; the node's services need it",
      expect.stringMatching(/^ {2}these programs are missing: .*runc; apt-get install .*runc/),
      expect.stringMatching(/^ {2}containerd runs 2 containers of another owner \(namespaces: moby\)/),
      expect.stringMatching(/^ {2}\/etc\/cni\/net\.d\/10-calico\.conflist configures another pod network/),
      "  port 10250 is already in use by python3; Kubernetes needs it",
      "exit code 1",
    ]);
    expect(unchanged).toBe(true);
  });

  it("reports other networks and programs that only this machine reaches at ports that the node needs", () => {
    const { printed = "" } = observeRun(
      `${programs}; ip link set lo up; ip link add flannel.1 type vxlan id 1 dstport 8472 local 10.0.0.1
       ip link set flannel.1 up
       python3 -c 'import socket, time
s = socket.create_server(("127.0.0.1", 10249)); time.sleep(3600)' </dev/null >/dev/null 2>&1 &
       trap "kill $!" EXIT; until grep -q :2809 /proc/net/tcp; do kill -0 $!; sleep 0.1; done`,
      "inspect-host.sh",
      { PORTS: "10248 10249 8472/udp 8473/udp" },
    );
    expect(printed.trim().split("\n").slice(1)).toEqual([
      "  port 10249 is already in use by python3; Kubernetes needs it",
      "  port 8472/udp is already in use; Kubernetes needs it",
      "exit code 1",
    ]);
  });
});
