import type { Document } from "yaml";
import { isSeq, parseDocument } from "yaml";
import { z } from "zod";

/** A name that the certificate of every API server of kubeadm has, whatever its address. */
const serverName = "kubernetes";

/** Lists where the clusters of a kubeconfig are in its document. */
function listClusterPaths(document: Document): (string | number)[][] {
  const clusters = document.get("clusters");
  return isSeq(clusters) ? [...clusters.items.keys()].map((index) => ["clusters", index, "cluster"]) : [];
}

/**
 * Lets a kubeconfig lead to a port of the operator's machine, behind which a tunnel leads to the API server. The
 * server's certificate is checked as before: another program at the port gets no request.
 */
export function leadThroughTunnel(kubeconfig: string, localPort: number): string {
  const document = parseDocument(kubeconfig);
  for (const cluster of listClusterPaths(document)) {
    document.setIn([...cluster, "server"], `https://127.0.0.1:${String(localPort)}`);
    document.setIn([...cluster, "tls-server-name"], serverName);
  }
  return document.toString({ lineWidth: 0 });
}

/** Lets a kubeconfig that led through a tunnel lead to an address, as HOST:PORT, again; leaves any other as it is. */
export function leadDirectly(kubeconfig: string, address: string): string {
  const document = parseDocument(kubeconfig);
  const tunneled = listClusterPaths(document).filter(
    (cluster) =>
      document.getIn([...cluster, "tls-server-name"]) === serverName &&
      String(document.getIn([...cluster, "server"])).startsWith("https://127.0.0.1:"),
  );
  for (const cluster of tunneled) {
    document.setIn([...cluster, "server"], `https://${address}`);
    document.deleteIn([...cluster, "tls-server-name"]);
  }
  return tunneled.length === 0 ? kubeconfig : document.toString({ lineWidth: 0 });
}

const currentClusterSchema = z.object({
  "current-context": z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string() }) })),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({ server: z.string().default(""), "tls-server-name": z.string().optional() }),
    }),
  ),
});

/** The port to which a tunnel must lead for the current context of a kubeconfig; undefined if it leads elsewhere. */
export function findTunnelPort(kubeconfig: string): number | undefined {
  const document = parseDocument(kubeconfig);
  const { data } = currentClusterSchema.safeParse(document.errors.length > 0 ? undefined : document.toJS());
  const context = data?.contexts.find(({ name }) => name === data["current-context"])?.context;
  const cluster = data?.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  if (cluster?.["tls-server-name"] !== serverName) return undefined;
  const port = /^https:\/\/127\.0\.0\.1:(\d+)\/?$/.exec(cluster.server)?.[1];
  return port === undefined ? undefined : Number(port);
}
