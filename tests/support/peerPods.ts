/** A pod on each node of a cluster that listens, and connects to the others, to the API and to names of the DNS. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { stringify } from "yaml";
import { resolveInstanceDirectory } from "../../workspace/environment.ts";
import { runMixcptSuccessfully } from "./mixcptCommand.ts";
import { pollFor } from "./testCluster.ts";

const name = "peers";
const port = 8080;

/** The image has neither shell nor libraries: the pods take those of their node. */
const folders = { usr: ["/usr", "/usr"], lib: ["/usr/lib", "/lib"], lib64: ["/usr/lib64", "/lib64"] } as const;

const volumes = Object.entries(folders).map(([folder, [path]]) => ({ name: folder, hostPath: { path } }));
const volumeMounts = Object.entries(folders).map(([folder, [, mountPath]]) => ({ name: folder, mountPath }));

/** A DaemonSet of these pods and their Service, as one List. */
function buildPeers() {
  const labels = { app: name };
  const container = {
    name,
    image: "mixcpt.local/pause:3.10.2",
    imagePullPolicy: "Never",
    command: ["/usr/bin/socat", `TCP-LISTEN:${String(port)},fork,reuseaddr`, "EXEC:/usr/bin/true"],
    env: [{ name: "PATH", value: "/usr/bin" }],
    volumeMounts,
  };
  const spec = { terminationGracePeriodSeconds: 1, containers: [container], volumes };
  const template = { metadata: { labels }, spec };
  const metadata = { name };
  return {
    apiVersion: "v1",
    kind: "List",
    items: [
      { apiVersion: "apps/v1", kind: "DaemonSet", metadata, spec: { selector: { matchLabels: labels }, template } },
      { apiVersion: "v1", kind: "Service", metadata, spec: { selector: labels, ports: [{ port }] } },
    ],
  };
}

export async function startPeers(stack: string): Promise<void> {
  const file = resolve(resolveInstanceDirectory(stack), "peers.yaml");
  writeFileSync(file, stringify(buildPeers()));
  await runMixcptSuccessfully("kubectl", "--cluster", stack, "apply", "-f", file);
}

interface Peer {
  readonly pod: string;
  readonly address: string;
}

async function listPeers(stack: string): Promise<Peer[]> {
  const columns = "jsonpath={range .items[*]}{.metadata.name} {.status.podIP}{'\\n'}{end}";
  const get = ["get", "pods", "-l", `app=${name}`, "--field-selector=status.phase=Running", "-o", columns];
  const lines = (await runMixcptSuccessfully("kubectl", "--cluster", stack, ...get)).trim().split("\n");
  return lines.map((line) => line.split(" ")).map(([pod = "", address = ""]) => ({ pod, address }));
}

/** Returns lines "POD to HOST/PORT" of the connections from a pod that do not succeed. */
async function listClosed(stack: string, pod: string, targets: readonly string[]): Promise<string[]> {
  const script = `for t in ${targets.join(" ")}; do timeout 5 bash -c ": <>/dev/tcp/$t" || echo "${pod} to $t"; done 2>/dev/null`;
  const output = await runMixcptSuccessfully(
    ...["kubectl", "--cluster", stack, "exec", pod, "--", "/usr/bin/bash", "-c", script],
  );
  return output
    .trim()
    .split("\n")
    .filter((line) => line !== "");
}

async function listClosedConnections(stack: string, peers: readonly Peer[]): Promise<string[]> {
  const service = `${name}.default.svc.cluster.local/${String(port)}`;
  const addresses = peers.map(({ address }) => `${address}/${String(port)}`);
  const targets = [...addresses, service, "kubernetes.default.svc.cluster.local/443"];
  const closed: string[] = [];
  for (const { pod } of peers) closed.push(...(await listClosed(stack, pod, targets)));
  return closed;
}

/** Waits until a pod on each of so many nodes reaches those of the others, their Service and the API by their names. */
export async function awaitConnectedPeers(stack: string, nodes: number): Promise<void> {
  let last = "no pods";
  await pollFor("connections between the pods", 600, async () => {
    try {
      const peers = await listPeers(stack);
      if (peers.length !== nodes) throw new Error(`${String(peers.length)} pods run`);
      const closed = await listClosedConnections(stack, peers);
      last = closed.join(", ");
      return closed.length === 0 ? peers : undefined;
    } catch (error) {
      last = String(error);
      return undefined;
    }
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; last seen: ${last}`);
  });
}
