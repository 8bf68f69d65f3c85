/** The network of local hosts, on a machine made of namespaces (`tests/support/nodeMachine.ts`). Needs root. */
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { readToolchain, requireNodeSoftware } from "../../workspace/toolchain.ts";
import { runOnMachine } from "../support/nodeMachine.ts";

const scripts = resolve(checkoutDirectory, "infra/local-hosts");
/** That of the hosts: this machine may have none. */
const iptables = `chroot ${requireNodeSoftware(readToolchain()).hostRoot} iptables`;
const input = "export INSTANCE=05abcd OWNER=test; rm /usr/local/sbin/sysctl; mkdir /run/netns";
const printDevices = "ip netns list; ip -brief link | sed -n 's/^\\(mx[^@ ]*\\).*/\\1/p'";

/** A command that runs a script of the local hosts and prints its exit code unless it is 0. */
function renderHostScriptRun(name: string): string {
  return `${scripts}/${name} 2>&1 || echo "exit code $?"`;
}

const up = renderHostScriptRun("network-up.sh");
const check = renderHostScriptRun("network-check.sh");
const down = renderHostScriptRun("network-down.sh");

/** Commands that connect a namespace to the bridge as host-up.sh connects a host. */
function connectNamespace(number: number): string {
  const [name, port] = [`host${String(number)}`, `port${String(number)}`];
  return `ip netns add ${name}
    ip -n mx05abcd link add ${port} type veth peer name eth0 netns ${name}
    ip -n mx05abcd link set ${port} master bridge up
    ip -n ${name} address add 10.89.5.${String(10 + number)}/24 dev eth0
    ip -n ${name} link set eth0 up
    ip -n ${name} route add default via 10.89.5.254`;
}

/** A command that tries a TCP connection and prints its error. Who is reached refuses it: nothing listens there. */
function tryConnection(to: string, from = ""): string {
  return `(${from} timeout 5 bash -c ': <>/dev/tcp/${to}/22' 2>&1 || true) | sed -n '$ s/.*: //p'`;
}

/** The output of network-up.sh. */
function formatNetwork(prefix: string): string {
  return `{"bridge":"mx05abcd","gateway":"${prefix}.254","prefix":"${prefix}"}`;
}

function runLines(...commands: string[]): string[] {
  return runOnMachine(input, ...commands)
    .trim()
    .split("\n");
}

describe("the network of local hosts", () => {
  it("connects them with each other and the machine whatever the machine forwards, and with nothing else", () => {
    const hosts = [connectNamespace(1), connectNamespace(2)];
    const printed = runLines(
      `${iptables} -P FORWARD DROP`,
      up,
      ...hosts,
      tryConnection("10.89.5.12", "ip netns exec host1"),
      tryConnection("10.89.5.11"),
      tryConnection("198.51.100.1", "ip netns exec host1"),
    );
    expect(printed).toEqual([
      formatNetwork("10.89.5"),
      "Connection refused",
      "Connection refused",
      "Network is unreachable",
    ]);
  });

  it("is kept by a second run, and removed but for the route that keeps late requests on the machine", () => {
    const printed = runLines(
      "ip route add default via 10.0.0.9",
      up,
      up,
      down,
      down,
      printDevices,
      tryConnection("10.89.5.11"),
      up,
    );
    expect(printed).toEqual([
      formatNetwork("10.89.5"),
      formatNetwork("10.89.5"),
      "No route to host",
      formatNetwork("10.89.5"),
    ]);
  });

  it("uses the first addresses that no LAN, VPN or pod network uses", () => {
    const routes = ["10.89.5.0/25 dev rack", "10.89.6.9/32 dev rack table 7", "0.0.0.0/1 via 10.0.0.9"];
    expect(runLines(...routes.map((route) => `ip route add ${route}`), up)).toEqual([formatNetwork("10.89.7")]);
  });

  it("is refused with the route and the setting if a VPN uses all addresses, before anything is made", () => {
    const [refusal, exitCode, ...more] = runLines(
      "ip route add 10.0.0.0/8 via 10.0.0.9",
      check,
      printDevices,
      "export NETWORK=172.31.0.0/16",
      check,
      up,
    );
    expect(refusal).toMatch(/^10\.89\.0\.0\/16: .*10\.0\.0\.0\/8 via 10\.0\.0\.9.*network: 172\.31\.0\.0\/16/);
    expect([exitCode, ...more]).toEqual(["exit code 1", formatNetwork("172.31.5")]);
  });

  it("is refused and removed if the machine's firewall or a routing rule takes its requests", () => {
    const printed = runLines(
      `${iptables} -A OUTPUT -d 10.89.0.0/16 -j DROP`,
      up,
      `${iptables} -F OUTPUT`,
      "ip rule add to 10.89.0.0/16 table 7; ip route add default via 10.0.0.9 table 7",
      up,
      printDevices,
    );
    expect(printed).toEqual([
      expect.stringMatching(/^the firewall of this machine drops.*10\.89\.5\.0\/24/),
      "exit code 1",
      expect.stringMatching(/^this machine sends requests.*elsewhere: 10\.89\.5\.254 via 10\.0\.0\.9/),
      "exit code 1",
    ]);
  });
});
