/**
 * The scripts that run on nodes, each test in mount and network namespaces of its own: files and routes are real;
 * systemd, kubeadm and the kernel's switches are stand-ins that write down how they were called. Needs root.
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
  ip link add rack type veth peer name other && ip address add 10.0.0.1/24 dev rack && ip link set rack up && ip link set other up
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

function renderPrepareScript(input: { NODE_NAME?: string; POD_RANGE?: string; ROUTES?: string }): string {
  return renderScript("prepare-node.sh", { NODE_NAME: "gpu-1", POD_RANGE: "10.244.1.0/24", ROUTES: "", ...input });
}

/** What the steps print, one after the other, on one machine. */
function runOnMachine(...steps: string[]): string {
  const env = { PATH: "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin" };
  return execFileSync("unshare", ["--mount", "--net", "bash", "-e"], {
    input: [machineSetup, ...steps].join("\n"),
    env,
    encoding: "utf8",
  });
}

describe("a node that is prepared again beside its pods", () => {
  const [second, third] = ["10.244.2.0/24 via 10.0.0.2", "10.244.3.0/24 via 10.0.0.3"];

  it("has routes to the machines that came and stayed, and none to those that left or moved", () => {
    const moved = "10.244.3.0/24 via 10.0.0.33";
    const steps = [`${second}\n${third}`, `${moved}\n10.244.4.0/24 via 10.0.0.4`, ""].map(
      (ROUTES) => `${renderPrepareScript({ ROUTES })}\n${printRoutes}`,
    );
    expect(
      runOnMachine(...steps)
        .split("\n\n")
        .map((text) => text.trim()),
    ).toEqual([`${second}\n${third}`, `${moved}\n10.244.4.0/24 via 10.0.0.4`, ""]);
  });

  it("starts again what sets the routes, and nothing that pods live in", () => {
    const restarted = runOnMachine(renderPrepareScript({}), renderPrepareScript({ ROUTES: second }), printCalls)
      .split("\n")
      .filter((line) => /restart|stop|kubeadm/.test(line));
    expect(restarted).toEqual(["systemctl restart mixcpt-network", "systemctl restart mixcpt-network"]);
  });

  it("does not become another node, nor change the addresses of its pods", () => {
    for (const changed of [{ NODE_NAME: "gpu-2" }, { POD_RANGE: "10.244.2.0/24" }]) {
      const printed = runOnMachine(
        renderPrepareScript({ ROUTES: third }),
        renderPrepareScript({ ...changed, ROUTES: second }),
        printRoutes,
        "grep -o '10.244.[0-9]*.0/24' /etc/cni/net.d/*",
      );
      expect(printed).toMatch(
        /this machine is gpu-1 with pods in 10\.244\.1\.0\/24 and cannot become gpu-\d with pods in [\d./]+; remove it from the inventory, run \.\/mixcpt cluster up, then add it again\nexit code 1\n/,
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

  it("is tried again after a failure, which says what to do where it comes too late, and joins once", () => {
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

describe("an inventory in another order", () => {
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
  ])("ends %s on a machine that has %s before anything is reset", (name, marker, message) => {
    const printed = runOnMachine(
      `touch /etc/kubernetes/${marker}`,
      renderScript(name, { KUBEADM_CONFIG: "", JOIN: "", NODE_NAME: "gpu-1", ADDRESS: "10.0.0.1", TOLERATED: "" }),
      printCalls,
    );
    expect(printed).toBe(`${message}\nexit code 1\n`);
  });
});
