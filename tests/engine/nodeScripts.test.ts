/**
 * The scripts that run on nodes, each test in separate mount and network namespaces. Files and routes are real; stubs
 * that record their calls replace systemd, kubeadm and the programs that change the kernel. Needs root.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";

const machineSetup = `
  mount -t tmpfs etc /etc && mkdir /etc/kubernetes && mount -t tmpfs sbin /usr/local/sbin
  for name in systemctl kubeadm kubectl modprobe swapoff sysctl; do
    printf '#!/bin/sh\\necho "$(basename "$0") $*" >>/etc/called\\n' >/usr/local/sbin/$name
  done
  echo '[ "$*" != "restart mixcpt-network" ] || mixcpt-routes' >>/usr/local/sbin/systemctl
  chmod 755 /usr/local/sbin/*
  ip link add rack type veth peer name other && ip address add 10.0.0.1/24 dev rack
  ip link set rack up && ip link set other up
`;
const printRoutes = "ip route show root 10.244.0.0/16 | sed 's/ dev.*//'; echo";
const printCalls = "cat /etc/called 2>/dev/null || true";

function renderScript(name: string, input: Readonly<Record<string, string>>): string {
  const variables = Object.entries(input)
    .map(([key, value]) => `export ${key}='${value}'\n`)
    .join("");
  const text = readFileSync(resolve(checkoutDirectory, "infra/cluster/scripts", name), "utf8");
  return `bash 2>&1 <<'SCRIPT' || echo "exit code $?"\n${variables}${text}\nSCRIPT`;
}

function renderPrepareScript(input: { nodeName?: string; podRange?: string; routes?: string }): string {
  const { nodeName = "gpu-1", podRange = "10.244.1.0/24", routes = "" } = input;
  return renderScript("prepare-node.sh", { NODE_NAME: nodeName, POD_RANGE: podRange, ROUTES: routes });
}

/** The output of commands that run one after the other on one machine. */
function runOnMachine(...commands: string[]): string {
  const env = { PATH: "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin" };
  return execFileSync("unshare", ["--mount", "--net", "bash", "-e"], {
    input: [machineSetup, ...commands].join("\n"),
    env,
    encoding: "utf8",
  });
}

describe("a node that is prepared again while pods are running", () => {
  const [second, third] = ["10.244.2.0/24 via 10.0.0.2", "10.244.3.0/24 via 10.0.0.3"];

  it("has routes to the current machines and none to those that left or moved", () => {
    const moved = "10.244.3.0/24 via 10.0.0.33";
    const routeLists = [`${second}\n${third}`, `${moved}\n10.244.4.0/24 via 10.0.0.4`, ""];
    const commands = routeLists.map((routes) => `${renderPrepareScript({ routes })}\n${printRoutes}`);
    const printed = runOnMachine(...commands).split("\n\n");
    expect(printed.map((text) => text.trim())).toEqual(routeLists);
  });

  it("restarts the service that sets the routes and nothing that pods depend on", () => {
    const restarted = runOnMachine(renderPrepareScript({}), renderPrepareScript({ routes: second }), printCalls)
      .split("\n")
      .filter((line) => /restart|stop|kubeadm/.test(line));
    expect(restarted).toEqual(["systemctl restart mixcpt-network", "systemctl restart mixcpt-network"]);
  });

  it("refuses another name or another range of pod addresses", () => {
    const changes: { nodeName?: string; podRange?: string }[] = [{ nodeName: "gpu-2" }, { podRange: "10.244.2.0/24" }];
    for (const changed of changes) {
      const printed = runOnMachine(
        renderPrepareScript({ routes: third }),
        renderPrepareScript({ ...changed, routes: second }),
        printRoutes,
        "grep -o '10.244.[0-9]*.0/24' /etc/cni/net.d/*",
      );
      const { nodeName = "gpu-1", podRange = "10.244.1.0/24" } = changed;
      expect(printed).toContain(
        `this machine is gpu-1 with pods in 10.244.1.0/24 and cannot become ${nodeName} with pods in ${podRange}; ` +
          "remove it from the inventory, run ./mixcpt cluster up, then add it again\nexit code 1\n",
      );
      expect(printed.trim().split("\n").slice(-3)).toEqual([third, "", "10.244.1.0/24"]);
    }
  });
});

describe("a node that joins", () => {
  const join = renderScript("join-node.sh", {
    JOIN: "kubeadm join 10.0.0.1:6443 --token t --discovery-token-ca-cert-hash h",
    NODE_NAME: "gpu-2",
    ADDRESS: "10.0.0.2",
    TOLERATED: "",
  });

  it("can retry after a failure, which explains how to replace an expired token, and joins only once", () => {
    const printed = runOnMachine(
      "echo '[ \"$1\" != join ]' >>/usr/local/sbin/kubeadm",
      join,
      "sed -i '$d' /usr/local/sbin/kubeadm",
      join,
      join,
      "grep -c 'kubeadm join' /etc/called",
    );
    expect(printed).toMatch(/^gpu-2 did not join\. If its token is older than a day, .*\nexit code 1\n2\n$/);
  });
});

describe("an inventory whose first machine has changed", () => {
  it.each([
    [
      "init-control-plane.sh",
      "joined",
      "this machine is already a worker node; the control plane must remain the first machine of the inventory",
    ],
    [
      "join-node.sh",
      "initialised",
      "this machine is the control plane; it must remain the first machine of the inventory",
    ],
  ])("stops %s on a machine with the marker %s before anything is reset", (name, marker, message) => {
    const printed = runOnMachine(
      `touch /etc/kubernetes/${marker}`,
      renderScript(name, { KUBEADM_CONFIG: "", JOIN: "", NODE_NAME: "gpu-1", ADDRESS: "10.0.0.1", TOLERATED: "" }),
      printCalls,
    );
    expect(printed).toBe(`${message}\nexit code 1\n`);
  });
});
