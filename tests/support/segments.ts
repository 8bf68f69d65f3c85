/** A second network segment for a local host, behind a router. */
import { formatBridgeName, formatHostName } from "../../infra/resourceNames.ts";
import { runProgram } from "./mixcptCommand.ts";
import { pollFor } from "./testCluster.ts";

/** Returns the output, or undefined if the script fails. */
async function runScript(script: string, ...args: string[]): Promise<string | undefined> {
  const { exitCode, output } = await runProgram("bash", ["-euc", script, "bash", ...args]);
  return exitCode === 0 ? output : undefined;
}

/**
 * Cuts a host off the bridge of its cluster and makes the namespace of the bridge a router between the two: no frame
 * passes, packets do. Arguments: the namespace of the bridge, which is also the name of this machine's device, that of
 * the host, and those of the other hosts.
 */
const moveScript = `
bridge=$1 host=$2; shift 2
address=$(ip -n "$host" -4 -o address show dev eth0 | sed -nE 's/.* ([0-9.]+)\\/24 .*/\\1/p')
gateway=$(ip -n "$host" route show default | sed -nE 's/default via ([0-9.]+) .*/\\1/p')
[ -n "$address" ] && [ -n "$gateway" ]
ip -n "$bridge" link set "$host" nomaster
ip -n "$bridge" route add "$address" dev "$host"
ip -n "$host" address add "$address/32" dev eth0
ip -n "$host" address delete "$address/24" dev eth0
ip -n "$host" route replace "$gateway" dev eth0
ip -n "$host" route replace default via "$gateway"
ip route add "$address" via "$gateway" dev "$bridge"
for other; do ip -n "$other" route add "$address" via "$gateway"; done
`;

/** Moves a host of a local cluster, as soon as it exists, to a segment of its own. `index` counts from 0. */
export async function moveBehindRouter(stack: string, index: number): Promise<void> {
  const others = Array.from({ length: index }, (_, other) => formatHostName(stack, other));
  const names = [formatBridgeName(stack), formatHostName(stack, index), ...others];
  await pollFor("the host has a network", 300, () => runScript(moveScript, ...names));
}

/** Returns the routes of the router. */
export async function listRouterRoutes(stack: string): Promise<string> {
  return (await runScript('ip -n "$1" route', formatBridgeName(stack))) ?? "";
}

/** Returns true if a host of a local cluster sees the other one in its segment. */
export async function isNeighbor(stack: string, from: number, to: number): Promise<boolean> {
  const script = `
address=$(ip -n "$2" -4 -o address show dev eth0 | sed -nE 's/.* ([0-9.]+)\\/(24|32) .*/\\1/p')
ip -n "$1" neighbor show to "$address" | grep -q lladdr`;
  return (await runScript(script, formatHostName(stack, from), formatHostName(stack, to))) !== undefined;
}
