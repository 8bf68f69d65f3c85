/** The program that sets the routes of a node, in namespaces as a machine. Needs root. */
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { renderScriptRun, runOnMachine } from "../support/nodeMachine.ts";

const layRoutesProgram = `
  cp ${resolve(checkoutDirectory, "infra/cluster/files/every-node/usr/local/sbin/mixcpt-routes")} /usr/local/sbin
  chmod 755 /usr/local/sbin/mixcpt-routes
`;
const printRoutes = "ip route show root 10.244.0.0/16 | sed 's/ dev.*//'; echo";
const [own, second, third] = [
  "10.244.1.0/24 via 10.0.0.1",
  "10.244.2.0/24 via 10.0.0.2",
  "10.244.3.0/24 via 10.0.0.3",
] as const;

function renderRoutesRun(...routes: string[]): string {
  return renderScriptRun("set-routes.sh", { ROUTES: [own, ...routes].join("\n") });
}

/** Makes kubectl on the machine print this table, as the control plane's answer. */
function publishTable(table: string): string {
  return `touch /etc/kubernetes/kubelet.conf
    printf '#!/bin/sh\\ncat <<TABLE\\n${table.replaceAll("\n", "\\n")}\\nTABLE\\n' >/usr/local/bin/kubectl`;
}

describe("the routes of a node", () => {
  it("lead to the current machines and not to those that left or moved", () => {
    const routeLists = [[second, third], ["10.244.3.0/24 via 10.0.0.33", "10.244.4.0/24 via 10.0.0.4"], []];
    const commands = routeLists.map((routes) => `${renderRoutesRun(...routes)}\n${printRoutes}`);
    const printed = runOnMachine(layRoutesProgram, renderScriptRun("prepare-node.sh"), ...commands).split("\n\n");
    expect(printed.map((text) => text.trim())).toEqual(routeLists.map((routes) => routes.join("\n")));
  });

  it("are fetched from the control plane by a node that was off when they changed", () => {
    const printed = runOnMachine(
      layRoutesProgram,
      renderScriptRun("prepare-node.sh"),
      renderRoutesRun(second),
      publishTable([own, third].join("\n")),
      "mixcpt-routes",
      printRoutes,
    );
    expect(printed.trim()).toBe(third);
  });

  it("are those that cluster up pushes while the node fetches the table from before", () => {
    // kubectl waits until the routes are set, or a second if they have to wait for this run
    const push = `
      cat >>/usr/local/bin/kubectl <<'STUB'
(printf '%s\\n' '${second}' '${third}' | mixcpt-routes set; touch /run/pushed) >/dev/null &
timeout 1 sh -c 'until [ -f /run/pushed ]; do sleep 0.05; done'
STUB`;
    const printed = runOnMachine(
      layRoutesProgram,
      renderScriptRun("prepare-node.sh"),
      renderRoutesRun(second),
      publishTable([own, second].join("\n")),
      push,
      "mixcpt-routes; timeout 20 sh -c 'until [ -f /run/pushed ]; do sleep 0.05; done'",
      printRoutes,
    );
    expect(printed.trim()).toBe([second, third].join("\n"));
  });

  it.each(["", "error: no such table"])("remain if the control plane answers with %p", (table) => {
    const printed = runOnMachine(
      layRoutesProgram,
      renderScriptRun("prepare-node.sh"),
      renderRoutesRun(second),
      "ip route flush root 10.244.0.0/16", // a restart
      publishTable(table),
      "mixcpt-routes",
      printRoutes,
    );
    expect(printed.trim()).toBe(second);
  });

  it("are reported if a machine is in another network, and the others are set", () => {
    const printed = runOnMachine(
      layRoutesProgram,
      renderScriptRun("prepare-node.sh"),
      renderRoutesRun("10.244.2.0/24 via 192.168.7.2", third),
      printRoutes,
    );
    expect(printed).toContain("cannot set these routes of gpu-1: 10.244.2.0/24 via 192.168.7.2; all nodes must share");
    expect(printed).toMatch(new RegExp(`exit code 1\n${third}`));
  });
});
